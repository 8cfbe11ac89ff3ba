"""What every adapter offers to the suites."""

import asyncio
import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters.memory import ManualClock
from application.jobs.acting import BulkOperations, JobOperations
from application.jobs.control_room import ControlRoom
from application.jobs.job_queue import JobQueue
from application.jobs.job_store import Registration
from application.jobs.looking import JobInspection, JobListing, JobRecord
from domain.jobs import JobFunc, JobId, JobState, Queue, RetryPolicy, UnitOfWork
from domain.jobs.queue import DEFAULT_RETRY
from tests.worlds.deadline import eventually
from tests.worlds.hand_worker import LEASE, HandWorker, Seat
from tests.worlds.isolation import apart

ENDLESS_LEASE = timedelta(days=300)
"""Moving the clock must not make living workers look dead, unless a test is about that."""


class World(ABC):
    """Queues, units of work and a clock on one adapter, and what a test must be able to see and to break.

    *Effects* stand for whatever a job func does to the application's data: notes, written through the
    unit of work. The same note can be there twice, so that an effect that was doubled is seen.
    """

    unit_of_work: UnitOfWork
    inspection: JobInspection
    operations: JobOperations
    bulk_operations: BulkOperations
    room: ControlRoom
    StatementFailed: type[Exception]
    """What a statement that storage refuses raises, see `fail_a_statement`."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self._queues: list[JobQueue] = []
        self._workers: list[HandWorker] = []
        self._caretaker: HandWorker | None = None

    def queue(self, name: str = "", **options: Any) -> JobQueue:
        """Return another queue object, with a pool of its own, on the queue of this name."""
        options.setdefault("poll_interval", timedelta(milliseconds=25))
        options.setdefault("lease", ENDLESS_LEASE)
        queue = self._new_queue(name, options)
        self._queues.append(queue)
        return queue

    async def run(
        self,
        queue: Queue,
        *job_funcs: JobFunc,
        retry: RetryPolicy = DEFAULT_RETRY,
        timeout: timedelta | None = None,
    ) -> None:
        """Register job funcs, and have the queue run them in the background."""
        for job_func in job_funcs:
            await queue.register_job_func(job_func, retry=retry, timeout=timeout)
        await self._start(queue)

    async def worker(
        self,
        types: Mapping[str, int],
        queue: str = "",
        pool_name: str = "by-hand",
        lease: timedelta = LEASE,
        *,
        size: int = 10,
        version: str = "by hand",
    ) -> HandWorker:
        """Return a worker to be driven by hand; `types` with the attempts each allows."""
        worker = await self._seated(queue, types, pool_name, lease, size=size, version=version)
        await worker.register()
        return worker

    async def maintain(self) -> None:
        """Do what every running pool does now and then: look for the dead, and prune."""
        if self._caretaker is None:
            self._caretaker = await self._seated("", {}, "caretaker", ENDLESS_LEASE)
        await self._caretaker.store.maintain()
        await self._others_have_rescued()
        await self._caretaker.store.count_ended()

    async def state_of(self, job_id: JobId) -> JobState:
        """Return where a job stands, as everybody sees it."""
        return (await self.job(job_id)).state

    async def job(self, job_id: JobId) -> JobRecord:
        """Return a job, as everybody sees it."""
        return await apart(self.inspection.job(job_id))

    async def reaches(self, job_id: JobId, state: JobState) -> JobRecord:
        """Wait until the job is in the state."""
        return await self.sees(job_id, lambda job: job.state is state)

    async def fails(self, job_id: JobId, times: int) -> JobRecord:
        """Wait until so many attempts have failed and the job waits for another."""
        return await self.sees(job_id, lambda job: job.state is JobState.SCHEDULED and len(job.attempts) == times)

    async def sees(self, job_id: JobId, condition: Callable[[JobRecord], bool]) -> JobRecord:
        """Wait until the job is as it should be."""
        job = await self.job(job_id)

        async def is_so() -> bool:
            nonlocal job
            job = await self.job(job_id)
            return condition(job)

        await eventually(is_so, describe=lambda: f"{inspect.getsource(condition).strip()}, but it is {job}")
        return job

    async def counts(self, queue: str | None = None) -> dict[JobState, int]:
        """Return how many jobs are in which state, as everybody sees them, without the zeros."""
        counts = await apart(self._counts(queue))
        return {state: number for state, number in counts.items() if number}

    async def lists(self, queue: str) -> None:
        """Return as soon as a pool of the queue is listed: at this instant it may not have started yet."""

        async def is_listed() -> bool:
            return bool(await self.inspection.workers(queue))

        await eventually(is_listed, pause=0)

    async def eventually(self, condition: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait until the condition holds, or fail."""
        await eventually(condition)

    async def effects(self) -> Sequence[str]:
        """Return the notes that are committed, sorted."""
        return sorted(await apart(self._committed_effects()))

    async def close(self) -> None:
        """End everything that was started."""
        await asyncio.gather(*(queue.shutdown(timedelta(0)) for queue in self._queues))
        for worker in self._workers:
            await worker.leave()

    @abstractmethod
    def listing(self, most_read: int) -> JobListing:
        """Return lists that search so few jobs at a time."""

    @abstractmethod
    async def write(self, note: str) -> None:
        """Write a note through the unit of work: that of the caller, or one of its own."""

    @abstractmethod
    async def effects_seen_inside(self) -> Sequence[str]:
        """Return the notes that the caller's unit of work sees, sorted."""

    @abstractmethod
    async def fail_a_statement(self) -> None:
        """Do, in the caller's unit of work, what storage refuses. Raises `StatementFailed`."""

    @abstractmethod
    async def kill(self, worker: HandWorker) -> None:
        """Let the process of the worker end without a word."""

    @abstractmethod
    async def freeze(self, pool_name: str) -> None:
        """Let a pool look as if nothing had been heard of it for longer than its lease."""

    @abstractmethod
    async def _others_have_rescued(self) -> None:
        """Wait for pools that are in the middle of a rescue: a worker they are at is left to them."""

    @abstractmethod
    def _new_queue(self, name: str, options: dict[str, Any]) -> JobQueue:
        raise NotImplementedError

    @abstractmethod
    async def _start(self, queue: Queue) -> None:
        raise NotImplementedError

    @abstractmethod
    async def _new_seat(self, queue: str) -> Seat:
        raise NotImplementedError

    @abstractmethod
    async def _committed_effects(self) -> list[str]:
        raise NotImplementedError

    async def _counts(self, queue: str | None) -> Mapping[JobState, int]:
        return await self.inspection.counts(queue)

    async def _seated(
        self,
        queue: str,
        types: Mapping[str, int],
        pool_name: str,
        lease: timedelta,
        *,
        size: int = 10,
        version: str = "by hand",
    ) -> HandWorker:
        registration = Registration(
            pool_name=pool_name,
            size=size,
            version=version,
            lease=lease,
            max_attempts=types,
        )
        worker = HandWorker(await self._new_seat(queue), registration)
        self._workers.append(worker)
        return worker
