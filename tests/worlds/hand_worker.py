"""A worker that is driven by hand, so that a test decides what happens when."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import timedelta

from application.jobs.error_report import report
from application.jobs.job_store import (
    ClaimedJob,
    EndedAttempt,
    Enqueueing,
    JobStore,
    NewJob,
    PoolSignals,
    Registration,
    WorkerId,
)
from tests.worlds.deadline import within
from tests.worlds.isolation import apart

LEASE = timedelta(minutes=1)
OUT_OF_PAPER = report(RuntimeError("the printer is out of paper"))


class Seat(ABC):
    """The store a worker works on, and how its job funcs would write."""

    store: JobStore

    @abstractmethod
    async def write(self, note: str) -> None:
        """Write a note through the unit of work."""


class HandWorker(PoolSignals):
    """Owns jobs as any worker does, but beats, claims and settles only when told to."""

    def __init__(self, seat: Seat, registration: Registration) -> None:
        self.store = seat.store
        self.registration = registration
        self.types = tuple(registration.max_attempts)
        self.id = WorkerId(0)
        self._seat = seat
        self.store.subscribe(self)

    async def register(self) -> None:
        """Announce itself."""
        self.id = await self.store.register(self.registration)

    async def leave(self) -> None:
        """Let go of what it needs, without a word to the others."""
        await self.store.unsubscribe(self)

    async def claim(self, limit: int = 100) -> list[ClaimedJob]:
        """Claim what is ready."""
        return sorted(await self.store.claim(self.id, self.types, limit))

    async def claim_one(self) -> ClaimedJob:
        """Claim the one job there is."""
        jobs = await self.claim()
        assert len(jobs) == 1, f"expected one job to claim, got {jobs}"
        return jobs[0]

    def ended(self, job: ClaimedJob) -> EndedAttempt:
        """Return the attempt as one that has ended just now."""
        return EndedAttempt(job, self.store.now(), self.store.now())

    async def complete(self, job: ClaimedJob) -> bool:
        """Complete a job that wrote nothing. Tell whether the attempt still owned it."""
        return await self.store.complete([self.ended(job)]) == []

    async def retry(self, job: ClaimedJob, delay: timedelta = timedelta(minutes=10)) -> bool:
        """Record a failure, to be tried again."""
        return await self.store.retry(self.ended(job), OUT_OF_PAPER, delay)

    async def bury(self, job: ClaimedJob) -> bool:
        """Record a failure for good."""
        return await self.store.bury(self.ended(job), OUT_OF_PAPER)

    async def snooze(self, job: ClaimedJob, delay: timedelta = timedelta(minutes=10)) -> bool:
        """Put the job off."""
        return await self.store.snooze(job, delay)

    async def release(self, job: ClaimedJob) -> None:
        """Hand the job back."""
        await self.store.release([job])

    async def commit(
        self,
        job: ClaimedJob,
        note: str,
        *,
        follow_up: NewJob | None = None,
        before_commit: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Run an attempt that writes a note in its unit of work, and commit that together with the job."""
        await within(apart(self._attempt(job, note, follow_up, before_commit)))

    async def _attempt(
        self,
        job: ClaimedJob,
        note: str,
        follow_up: NewJob | None,
        before_commit: Callable[[], Awaitable[None]] | None,
    ) -> None:
        transaction = self.store.transaction(job)
        transaction.enter()
        try:
            await self._seat.write(note)
            if follow_up is not None:
                await self.store.enqueue(Enqueueing([follow_up], run_at=None, priority=0, carrier=None))
            transaction.close()
            if before_commit is not None:
                await before_commit()
            await transaction.commit(self.ended(job))
        except BaseException:
            transaction.close()
            await transaction.rollback()
            raise

    def jobs_ready(self) -> None:
        """Do nothing: whoever drives this worker knows when to claim."""

    def jobs_scheduled(self) -> None:
        """Do nothing."""

    def jobs_called_off(self) -> None:
        """Do nothing: whoever drives this worker asks."""

    def look_again(self) -> None:
        """Do nothing."""
