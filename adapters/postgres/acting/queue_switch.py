"""Pausing and resuming queues."""

from contextlib import suppress

import asyncpg

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from application.jobs.acting import QueueSwitch
from domain.jobs import Clock

_PAUSE = """
insert into {schema}.pauses (queue, paused_at) values ($1, coalesce($2, statement_timestamp()))
on conflict do nothing returning queue"""

# A claim holds the row of its worker until it is done. Those that began before the pause are waited for.
_WAIT_FOR_CLAIMS = """
select id from {schema}.workers where queue = $1 and left_at is null and died_at is null for no key update"""

_RESUME = """
with resumed as (delete from {schema}.pauses where queue = $1 returning queue)
select queue, pg_notify({channel}, 'r:-32768:' || queue) from resumed"""


class PostgresQueueSwitch(QueueSwitch):
    """Switches through any pool of the database."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Switch the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._time = DatabaseTime(clock)
        target = Schema(schema)
        self._pause = target.sql(_PAUSE)
        self._wait_for_claims = target.sql(_WAIT_FOR_CLAIMS)
        self._resume = target.sql(_RESUME)

    async def pause(self, queue: str) -> bool:
        """Pause as `QueueSwitch.pause` promises; on return no claim is under way, unless one hangs."""
        paused = await self._pool.fetchval(self._pause, queue, self._time.given())
        with suppress(asyncpg.LockNotAvailableError):
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("set local lock_timeout = '2s'")
                await connection.execute(self._wait_for_claims, queue)
        return paused is not None

    async def resume(self, queue: str) -> bool:
        return await self._pool.fetchval(self._resume, queue) is not None
