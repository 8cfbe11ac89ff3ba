"""What is looked up for the gauges."""

import asyncio
from datetime import datetime, timedelta

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.looking.instants import age
from adapters.postgres.looking.queue_counts import QueueCounts
from adapters.postgres.looking.snapshots import snapshot
from adapters.postgres.patience import PATIENCE, soon_on_pool
from adapters.postgres.schema import Schema
from application.jobs.survey import QueueDepth, Survey
from domain.jobs import Clock

_NOW = "select coalesce($1, statement_timestamp())"

# Vacuums hold a snapshot, too, which keeps nobody from cleaning up: those of a client as well.
_OLDEST_SNAPSHOT = """
select max(statement_timestamp() - since) from (
    select xact_start as since from pg_stat_activity
    where backend_xmin is not null and backend_type = 'client backend' and pid <> pg_backend_pid()
      and datname = current_database() and pid not in (select pid from pg_stat_progress_vacuum)
    union all
    select prepared from pg_prepared_xacts where database = current_database()
) as holders"""


class Surveys:
    """Counts in bounded time, whatever the number of jobs. What ended of late is left to counters."""

    def __init__(self, pool: Pool, schema: Schema, clock: Clock | None) -> None:
        self._pool = pool
        self._schema = schema
        self._time = DatabaseTime(clock)

    async def survey(self) -> Survey:
        """Look as `Surveys.survey` promises."""
        oldest_snapshot: timedelta | None = await soon_on_pool(
            self._pool,
            lambda connection: connection.fetchval(_OLDEST_SNAPSHOT),
        )
        async with asyncio.timeout(PATIENCE), snapshot(self._pool) as connection:
            return Survey(await self._depths(connection), oldest_snapshot)

    async def _depths(self, connection: PooledConnection) -> list[QueueDepth]:
        counts = QueueCounts(self._schema)
        now: datetime = await connection.fetchval(_NOW, self._time.given())
        return [
            QueueDepth(row["name"], await counts.states(connection, row), age(row["oldest_ready_at"], now))
            for row in await counts.rows(connection)
        ]
