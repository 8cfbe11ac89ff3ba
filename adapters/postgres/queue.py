"""The queue on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from adapters.payloads import PydanticPayloads
from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from adapters.telemetry import OpenTelemetry
from application.jobs.job_queue import JobQueue
from application.jobs.options import QueueOptions
from application.jobs.payloads import Payloads
from application.jobs.telemetry import Telemetry
from domain.jobs import Clock


class PostgresQueue(JobQueue):
    """A named queue in a PostgreSQL database that `migrate` has prepared.

    ::

        pool = await asyncpg.create_pool(dsn)
        await migrate(pool)
        async with PostgresQueue(pool) as queue:
            await queue.register_job_func(send_receipt)

    Enqueueing joins the unit of work that is open on the same pool. Beside the connections of the pool,
    all running queues of a process that share a pool need one more: it listens, claims, and shows that
    the process lives. Running jobs take a connection of the pool only once they write.
    """

    def __init__(
        self,
        pool: Pool,
        queue: str = "",
        *,
        poll_interval: timedelta = timedelta(seconds=5),
        pool_size: int = 10,
        pool_name: str | None = None,
        lease: timedelta = timedelta(seconds=30),
        version: str = "unknown",
        schema: str = "arrower",
        keep_completed: timedelta = timedelta(hours=24),
        payloads: Payloads | None = None,
        telemetry: Telemetry | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare the queue; nothing is read or written before it is used.

        The options up to `version` are those of `QueueOptions`; a `pool_name` of None is a random one.
        `schema` is the one given to `migrate`. Completed and cancelled jobs are pruned once they are
        `keep_completed` old. `telemetry` replaces `OpenTelemetry`, which reports to the SDK of the process
        where there is one. `clock` replaces the database's time, for tests.

        Raises `InvalidQueueOption` naming the option that is out of range.
        """
        options = QueueOptions(
            queue=queue,
            poll_interval=poll_interval,
            pool_size=pool_size,
            lease=lease,
            version=version,
        )
        if pool_name is not None:
            options = replace(options, pool_name=pool_name)
        store = PostgresStore(pool, queue, Schema(schema), clock, keep_completed)
        super().__init__(store, payloads or PydanticPayloads(), telemetry or OpenTelemetry(), options)
