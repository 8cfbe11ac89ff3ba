"""What is looked up for the gauges."""

import asyncio
from datetime import timedelta

from adapters.postgres.driver import Pool
from adapters.postgres.looking.queue_figures import PostgresQueueFigures
from adapters.postgres.patience import PATIENCE, soon_on_pool
from adapters.postgres.schema import Schema
from application.jobs.survey import QueueDepth, Survey
from domain.jobs import Clock

_SHORTEST = timedelta(seconds=10)

# Vacuums hold a snapshot, too, which keeps nobody from cleaning up.
_OLDEST_SNAPSHOT = """
select max(statement_timestamp() - since) from (
    select xact_start as since from pg_stat_activity
    where backend_xmin is not null and backend_type = 'client backend' and pid <> pg_backend_pid()
      and datname = current_database()
    union all
    select prepared from pg_prepared_xacts where database = current_database()
) as holders"""


class Surveys:
    """Counts in bounded time, whatever the number of jobs."""

    def __init__(self, pool: Pool, schema: Schema, clock: Clock | None) -> None:
        self._pool = pool
        self._figures = PostgresQueueFigures(pool, schema=schema.name, clock=clock)

    async def survey(self) -> Survey:
        """Look as `Surveys.survey` promises."""
        oldest_snapshot: timedelta | None = await soon_on_pool(
            self._pool,
            lambda connection: connection.fetchval(_OLDEST_SNAPSHOT),
        )
        async with asyncio.timeout(PATIENCE):
            records = await self._figures.queues(_SHORTEST)
        return Survey(
            [QueueDepth(record.name, record.counts, record.oldest_ready) for record in records],
            oldest_snapshot,
        )
