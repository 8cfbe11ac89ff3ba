"""Retrying every job that matches."""

from collections.abc import Sequence
from datetime import datetime

from application.jobs.acting.many_jobs import ManyJobs
from domain.jobs import JobId, JobState


class RetryJobs(ManyJobs):
    """Lets many jobs run now, as `RetryJob` does. The filter names a state: dead, cancelled or scheduled.

    Those that die anew meanwhile are left alone.
    """

    allowed = frozenset((JobState.DEAD, JobState.CANCELLED, JobState.SCHEDULED))

    async def _act(self, jobs: Sequence[JobId], state: JobState, as_of: datetime) -> int:
        return await self._operations.retry(jobs, state, as_of=as_of)
