"""Calling every job off that matches."""

from collections.abc import Sequence
from datetime import datetime

from application.jobs.acting.many_jobs import ManyJobs
from domain.jobs import JobId, JobState


class CancelJobs(ManyJobs):
    """Calls many jobs off, as `CancelJob` does. The filter names a state: scheduled, ready or running.

    Running ones are counted when their workers are asked.
    """

    allowed = frozenset((JobState.SCHEDULED, JobState.READY, JobState.RUNNING))

    async def _act(self, jobs: Sequence[JobId], state: JobState, as_of: datetime) -> int:
        return await self._operations.cancel(jobs, state, as_of=as_of)
