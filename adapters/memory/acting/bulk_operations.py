"""Acting on many jobs."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.acting import BulkOperations
from domain.jobs import JobId, JobState


class InMemoryBulkOperations(BulkOperations):
    """Acts at once, whatever unit of work is open."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Act on all queues of `database`."""
        self._database = database

    async def now(self) -> datetime:
        return self._database.now()

    async def retry(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        return self._each(jobs, state, as_of, partial(self._database.jobs.revive, now=self._database.now()))

    async def cancel(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        now = self._database.now()
        if state is JobState.RUNNING:
            return self._each(jobs, state, as_of, partial(self._database.jobs.call_off, now=now))
        cancel = partial(self._database.jobs.end, state=JobState.CANCELLED, finished_at=now)
        return self._each(jobs, state, as_of, cancel)

    async def delete(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        return self._each(jobs, state, as_of, self._database.jobs.delete)

    def _each(self, jobs: Sequence[JobId], state: JobState, as_of: datetime, act: Callable[[StoredJob], None]) -> int:
        touched = 0
        for job in filter(None, map(self._database.jobs.get, jobs)):
            came = job.finished_at or job.enqueued_at
            if job.state is state and job.cancel_requested_at is None and came <= as_of:
                act(job)
                touched += 1
        return touched
