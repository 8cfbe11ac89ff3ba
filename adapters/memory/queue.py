"""The queue in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar, cast, overload

from adapters.memory.assertions import QueueAssertions
from adapters.memory.contents import Contents
from adapters.memory.database import InMemoryDatabase
from adapters.memory.job_classes import RememberingPayloads
from adapters.memory.store import InMemoryStore
from adapters.payloads import PydanticPayloads
from adapters.telemetry import OpenTelemetry
from application.jobs.job_queue import JobQueue
from application.jobs.options import QueueOptions
from application.jobs.payloads import Payloads
from application.jobs.telemetry import Telemetry
from application.jobs.worker_pool import WorkerPool
from domain.jobs import Clock, InvalidQueueOption

JobT = TypeVar("JobT")


class InMemoryQueue(JobQueue):
    """A named queue in a database in memory, for tests and demos. It keeps jobs until told to work them.

    ::

        queue = InMemoryQueue()
        await place_order(queue)
        queue.assert_that.contains(SendReceipt(order_id=7))

        await queue.register_job_func(send_receipt)
        await queue.work_all()                 # here and now, one after the other
        await queue.start()                    # or in the background, as in production

    Same semantics as on PostgreSQL, from the same runtime. Only registering a job func does not start
    the pool: `start` does. What is counted and listed are the committed jobs that wait, ready or
    scheduled; running and finished ones are seen through `InMemoryInspection`.
    """

    def __init__(
        self,
        database: InMemoryDatabase | None = None,
        queue: str = "",
        *,
        poll_interval: timedelta = timedelta(seconds=5),
        pool_size: int = 10,
        pool_name: str | None = None,
        lease: timedelta = timedelta(seconds=30),
        version: str = "unknown",
        clock: Clock | None = None,
        payloads: Payloads | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        """Keep the jobs in `database`, or in one of its own that follows `clock`.

        The options up to `version` are those of `QueueOptions`; a `pool_name` of None is a random one.
        `telemetry` replaces `OpenTelemetry`, which reports to the SDK of the process where there is one.

        Raises `InvalidQueueOption` naming the option that is out of range, also where both a database
        and a clock are given: the time is that of the database.
        """
        if database is not None and clock is not None:
            msg = "clock belongs to the database: InMemoryQueue(InMemoryDatabase(clock))"
            raise InvalidQueueOption(msg)
        options = QueueOptions(
            queue=queue,
            poll_interval=poll_interval,
            pool_size=pool_size,
            lease=lease,
            version=version,
        )
        if pool_name is not None:
            options = replace(options, pool_name=pool_name)
        self._database = database or InMemoryDatabase(clock)
        remembering = RememberingPayloads(payloads or PydanticPayloads(), self._database.job_classes)
        store = InMemoryStore(self._database, queue)
        super().__init__(store, remembering, telemetry or OpenTelemetry(), options)
        self._contents = Contents(self._database, queue, remembering, self._funcs)

    async def start(self) -> None:
        """Run jobs in the background, those of funcs registered later included. Idempotent."""
        await super()._ensure_started()

    async def work_one(self) -> bool:
        """Run the next ready job whose type is registered here, to its end. False: there was none.

        Where its job func takes a batch, the jobs of that batch. A job func that fails is recorded and
        logged as by a running pool, and raises nothing here. A cancelled call hands the job back, without
        an attempt counted. Raises `RuntimeError` while the pool runs.
        """
        async with self._pool_at_hand() as pool:
            return await pool.work() > 0

    async def work_all(self) -> int:
        """Run ready jobs until none is left, jobs enqueued meanwhile included. Returns the attempts run.

        Jobs that fail are scheduled, so this ends; time does not pass by itself under a manual clock.
        Otherwise as `work_one`.
        """
        attempts = 0
        async with self._pool_at_hand() as pool:
            while worked := await pool.work():
                attempts += worked
        return attempts

    @asynccontextmanager
    async def _pool_at_hand(self) -> AsyncGenerator[WorkerPool]:
        if self._pool is not None:
            msg = "the pool of this queue was started and works the jobs itself: work_one() and work_all() cannot"
            raise RuntimeError(msg)
        pool = self._new_pool()
        try:
            yield pool
        finally:
            await pool.shutdown(timedelta(0))

    def count(self) -> int:
        """Return how many jobs wait."""
        return len(self._contents)

    def count_type(self, job_class: type) -> int:
        """Return how many jobs of a class wait, those enqueued under its former names included."""
        return self._contents.count_type(job_class)

    def enqueued_type(self, job_class: type) -> bool:
        """Tell whether a job of a class waits."""
        return self._contents.count_type(job_class) > 0

    def jobs(self) -> list[object]:
        """Return the jobs that wait, equal to those enqueued, in the order they would run.

        Raises `UnreadablePayload` where a job was enqueued without its class, in a way of one's own.
        """
        return list(self._contents)

    @overload
    def get_first(self, job_class: type[JobT]) -> JobT | None: ...

    @overload
    def get_first(self) -> object | None: ...

    def get_first(self, job_class: type[JobT] | None = None) -> JobT | object | None:
        """Return the job that would run first, of a class if given; None where none waits. It stays."""
        if job_class is None:
            return next(iter(self._contents), None)
        return cast("JobT | None", next(self._contents.of_type(job_class), None))

    @property
    def assert_that(self) -> QueueAssertions:
        """Assertions about the jobs that wait: `queue.assert_that.total(3)`."""
        return QueueAssertions(self._contents)

    def reset(self) -> None:
        """Forget all jobs of this queue and their history; attempts that run lose their job.

        Job funcs stay registered, and a running pool goes on. Jobs of units of work that are still open
        are not forgotten.
        """
        self._database.jobs.forget(self._options.queue)

    async def _ensure_started(self) -> None:
        """Leave the pool alone: `start` starts it."""
