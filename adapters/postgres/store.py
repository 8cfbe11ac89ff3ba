"""The jobs of one queue in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from adapters.postgres.attempt_transaction import PostgresAttemptTransaction
from adapters.postgres.cancellations import Cancellations
from adapters.postgres.claims import Claims
from adapters.postgres.control import ControlConnection, share_control
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import DRIVER_ERRORS, REFUSALS, Pool, check_driver
from adapters.postgres.fencing import Fencing
from adapters.postgres.intake import Intake
from adapters.postgres.job_connections import JobConnections
from adapters.postgres.joint_completions import joint_completions
from adapters.postgres.pool_line import line_of
from adapters.postgres.pruning import Pruning
from adapters.postgres.rescue import Rescue
from adapters.postgres.resumption import START
from adapters.postgres.schema import Schema
from adapters.postgres.settlements import Settlements
from adapters.postgres.statistics import Statistics
from adapters.postgres.surveys import Surveys
from adapters.postgres.workers import Workers
from application.jobs.instants import Instant
from application.jobs.job_store import (
    AttemptTransaction,
    ClaimedJob,
    EndedAttempt,
    Enqueueing,
    ErrorReport,
    JobStore,
    Maintenance,
    PoolSignals,
    Promotion,
    Registration,
    WorkerId,
)
from application.jobs.survey import Survey
from domain.jobs import Clock, JobId, QueueNotMigrated

_POOL_CLOSED = "its connection pool was closed (shut the queue down first; to go on, make a queue on a new pool)"


class PostgresStore(JobStore):
    """Puts the parts together: writes of attempts go through the pool, the rest through one connection."""

    def __init__(
        self,
        pool: Pool,
        queue: str,
        schema: Schema,
        clock: Clock | None,
        keep_completed: timedelta,
    ) -> None:
        check_driver()
        self._pool = pool
        self._queue = queue
        self._schema = schema
        self._clock = clock
        self._time = DatabaseTime(clock)
        self._line = line_of(pool)
        self._line.serve(queue)
        self._connections = JobConnections(pool)
        self._fencing = Fencing(schema, own_sessions=True)
        self._pooled_fencing = Fencing(schema, own_sessions=False)
        self._intake = Intake(pool, schema, self._time, queue)
        self._claims = Claims(pool, schema, self._time, queue)
        self._settlements = Settlements(pool, schema, self._time)
        self._completions = joint_completions(pool, schema, self._settlements.complete)
        self._workers = Workers(schema, self._time, queue)
        self._rescue = Rescue(schema, self._time)
        self._cancellations = Cancellations(pool, schema, self._time)
        self._statistics = Statistics(schema, self._time)
        self._pruning = Pruning(schema, self._time, keep_completed)
        self._surveys = Surveys(pool, schema, clock)
        self._control: ControlConnection | None = None

    @property
    def queue(self) -> str:
        return self._queue

    def now(self) -> Instant:
        return self._time.now()

    def closed(self) -> str | None:
        return _POOL_CLOSED if self._pool.is_closing() else None

    def subscribe(self, pool: PoolSignals) -> None:
        self._control = share_control(self._pool, self._schema)
        self._control.subscribe(self._queue, pool, self._claims.resumption)
        if self._clock is not None:
            self._clock.on_jump(pool.look_again)

    async def unsubscribe(self, pool: PoolSignals) -> None:
        control = self._started()
        control.unsubscribe(self._queue, pool, self._claims.resumption)
        self._control = None
        try:
            await self._connections.close()
        finally:
            await control.leave()

    async def enqueue(self, enqueueing: Enqueueing) -> list[JobId]:
        return await self._intake.enqueue(enqueueing)

    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        return await self._claims.claim(self._started(), worker, types, limit)

    async def promote(self) -> Promotion:
        return await self._claims.promote(self._started())

    async def mark_started(self, job: ClaimedJob) -> bool:
        return await self._claims.mark_started(job)

    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        await self._claims.release(jobs)

    def transaction(self, *jobs: ClaimedJob) -> AttemptTransaction:
        direct = self._control is None or self._control.direct
        fencing = self._fencing if direct else self._pooled_fencing
        return PostgresAttemptTransaction(self._pool, self._connections, fencing, jobs)

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        return await self._completions.complete(ended)

    def worth_another_try(self, error: Exception) -> bool:
        return isinstance(error, (*DRIVER_ERRORS, QueueNotMigrated)) and not isinstance(error, REFUSALS)

    async def retry(self, ended: EndedAttempt, error: ErrorReport, delay: timedelta) -> bool:
        owned = await self._settlements.retry(ended, error, delay)
        self._rescheduled(delay)
        return owned

    async def bury(self, ended: EndedAttempt, error: ErrorReport) -> bool:
        return await self._settlements.bury(ended, error)

    async def cancel(self, ended: EndedAttempt) -> bool:
        return await self._cancellations.cancel(ended)

    async def snooze(self, job: ClaimedJob, delay: timedelta) -> bool:
        owned = await self._settlements.snooze(job, delay)
        self._rescheduled(delay)
        return owned

    async def register(self, registration: Registration) -> WorkerId:
        return await self._workers.register(self._started(), registration)

    async def announce(self, worker: WorkerId, registration: Registration) -> None:
        await self._workers.announce(self._started(), worker, registration)

    async def heartbeat(self, worker: WorkerId) -> bool:
        return await self._workers.heartbeat(self._started(), worker)

    async def called_off(self, worker: WorkerId) -> Collection[JobId]:
        return await self._cancellations.called_off(self._started(), worker)

    async def disown(self, worker: WorkerId, known: Sequence[ClaimedJob]) -> int:
        return await self._workers.disown(self._started(), worker, known)

    async def deregister(self, worker: WorkerId) -> None:
        await self._workers.deregister(self._started(), worker)

    async def maintain(self) -> Maintenance:
        rescued = await self._rescue.sweep(self._started())
        await self._cancellations.sweep(self._started())
        pruned = await self._pruning.prune_when_due(self._started())
        return Maintenance(rescued, pruned)

    async def survey(self) -> Survey:
        return await self._surveys.survey()

    async def count_ended(self) -> bool:
        return await self._statistics.count(self._pool)

    def _rescheduled(self, delay: timedelta) -> None:
        if self._control is not None:
            if delay > timedelta(0):
                self._control.signal_scheduled(self._queue)
            else:
                self._claims.resumption.heard(START.priority)
                self._control.signal_ready(self._queue)

    def _started(self) -> ControlConnection:
        if self._control is None:
            msg = "the pool of this queue is not running"
            raise RuntimeError(msg)
        return self._control
