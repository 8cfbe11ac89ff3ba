"""Deleting every job that matches."""

from collections.abc import Sequence
from datetime import datetime

from application.jobs.acting.many_jobs import ManyJobs
from domain.jobs import JobId, JobState


class DeleteJobs(ManyJobs):
    """Removes many jobs, with their history. The filter names a state, any but running."""

    allowed = frozenset(JobState) - {JobState.RUNNING}

    async def _act(self, jobs: Sequence[JobId], state: JobState, as_of: datetime) -> int:
        return await self._operations.delete(jobs, state, as_of=as_of)
