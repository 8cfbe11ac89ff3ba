"""A queue over any store: checks what is enqueued, and owns the pool that runs it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import overload

from application.jobs.job_funcs import JobFuncs
from application.jobs.job_store import JobStore
from application.jobs.new_jobs import as_list, enqueueing_of
from application.jobs.options import QueueOptions
from application.jobs.payloads import Payloads
from application.jobs.pulse import Pulse
from application.jobs.telemetry import Telemetry
from application.jobs.worker_pool import WorkerPool
from domain.jobs import Job, JobFunc, JobId, Queue, RetryPolicy
from domain.jobs.queue import DEFAULT_GRACE, DEFAULT_RETRY


class JobQueue(Queue):
    """The queue that every adapter offers, on the adapter's own store."""

    def __init__(
        self,
        store: JobStore,
        payloads: Payloads,
        telemetry: Telemetry,
        options: QueueOptions,
    ) -> None:
        self._store = store
        self._payloads = payloads
        self._telemetry = telemetry
        self._options = options
        self._funcs = JobFuncs()
        self._pool: WorkerPool | None = None

    @overload
    async def enqueue(
        self,
        job: Sequence[Job],
        *,
        run_at: datetime | None = None,
        priority: int = 0,
    ) -> list[JobId]: ...

    @overload
    async def enqueue(self, job: Job, *, run_at: datetime | None = None, priority: int = 0) -> JobId: ...

    async def enqueue(
        self,
        job: Job | Sequence[Job],
        *,
        run_at: datetime | None = None,
        priority: int = 0,
    ) -> JobId | list[JobId]:
        """Enqueue one job or a list of jobs, as `Enqueuer.enqueue` promises."""
        jobs = as_list(job)
        enqueueing = enqueueing_of([job] if jobs is None else jobs, run_at, priority, self._payloads)
        with self._telemetry.sending(self._options.queue, enqueueing, batch=jobs is not None) as sending:
            if sending.carrier is not None:
                enqueueing = replace(enqueueing, carrier=sending.carrier)
            ids = await self._store.enqueue(enqueueing)
            sending.sent(ids)
        return ids[0] if jobs is None else ids

    async def register_job_func(
        self,
        job_func: JobFunc,
        *,
        retry: RetryPolicy = DEFAULT_RETRY,
        timeout: timedelta | None = None,
        batch_size: int | None = None,
    ) -> None:
        """Register as `Queue.register_job_func` promises, and start the pool."""
        self._funcs.add(job_func, retry, timeout, batch_size)
        await self._ensure_started()
        if self._pool is not None:
            self._pool.funcs_changed()

    async def shutdown(self, grace: timedelta = DEFAULT_GRACE) -> None:
        """Shut down as `Queue.shutdown` promises."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.shutdown(grace)

    def pulse(self) -> Pulse | None:
        """Return how the pool of this queue does in this process; None where it does not run, or takes no jobs."""
        return None if self._pool is None else self._pool.pulse()

    async def _ensure_started(self) -> None:
        if self._pool is None:
            self._pool = self._new_pool()
            self._pool.start()

    def _new_pool(self) -> WorkerPool:
        options = self._options
        telemetry = self._telemetry.pool(options.queue, options.pool_name, options.pool_size)
        return WorkerPool(self._store, self._funcs, self._payloads, telemetry, options)
