"""Acting on many jobs."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice

from adapters.memory.acting.operations import REVIVABLE, WAITING
from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.matching import matching
from adapters.memory.stored import StoredJob
from application.jobs.acting import BulkOperations
from application.jobs.looking import JobFilter
from domain.jobs import JobState


class InMemoryBulkOperations(BulkOperations):
    """Acts at once, whatever unit of work is open."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Act on all queues of `database`."""
        self._database = database

    async def now(self) -> datetime:
        return self._database.now()

    async def retry(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        revive = partial(self._database.jobs.revive, now=self._database.now())
        return self._each(wanted, (*REVIVABLE, JobState.SCHEDULED), as_of, limit, revive)

    async def cancel(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        if wanted.state is JobState.RUNNING:
            call_off = partial(self._database.jobs.call_off, now=self._database.now())
            return self._each(wanted, (JobState.RUNNING,), as_of, limit, call_off)
        cancel = partial(self._database.jobs.end, state=JobState.CANCELLED, finished_at=self._database.now())
        return self._each(wanted, WAITING, as_of, limit, cancel)

    async def delete(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        states = tuple(state for state in JobState if state is not JobState.RUNNING)
        return self._each(wanted, states, as_of, limit, self._database.jobs.delete)

    def _each(
        self,
        wanted: JobFilter,
        states: tuple[JobState, ...],
        as_of: datetime,
        limit: int,
        act: Callable[[StoredJob], None],
    ) -> int:
        found = (
            job
            for job in matching(self._database, wanted)
            if job.state in states and job.cancel_requested_at is None and (job.finished_at or job.enqueued_at) <= as_of
        )
        jobs = list(islice(found, limit))
        for job in jobs:
            act(job)
        return len(jobs)
