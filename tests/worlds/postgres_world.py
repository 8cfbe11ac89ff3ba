"""The world in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

from adapters.postgres import (
    PostgresInspection,
    PostgresOperations,
    PostgresQueue,
    PostgresUnitOfWork,
    postgres_control_room,
)
from adapters.postgres.acting.bulk_operations import PostgresBulkOperations
from adapters.postgres.driver import Pool
from adapters.postgres.looking.job_listing import PostgresJobListing
from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from application.jobs.job_queue import JobQueue
from application.jobs.looking import JobListing
from domain.jobs import Queue
from tests.worlds.deadline import PATIENCE
from tests.worlds.hand_worker import HandWorker, Seat
from tests.worlds.jobs import JOB_CLASSES
from tests.worlds.world import World

_TABLES = """
create table effects (id bigint generated always as identity, note text not null);
create table customers (short_name text primary key);
insert into customers values ('ADA')"""

_COUNT_FROM_NOW = "update arrower.statistics_progress set counted_until = $1"
"""The clock of a world does not show the time at which its tables were made."""


class PostgresSeat(Seat):
    """A worker with connections of its own, as one in another process has."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self.store = store
        self._unit_of_work = PostgresUnitOfWork(pool)

    async def write(self, note: str) -> None:
        """Write a note through the unit of work."""
        async with self._unit_of_work as connection:
            await connection.execute("insert into effects (note) values ($1)", note)


class PostgresWorld(World):
    """One database, `arrower` and the tables of an application in it."""

    StatementFailed = asyncpg.UniqueViolationError

    def __init__(self, dsn: str, pool: Pool, resources: AsyncExitStack) -> None:
        super().__init__()
        self.dsn = dsn
        self.pool = pool
        self.unit_of_work = self._unit_of_work = PostgresUnitOfWork(pool)
        self.inspection = PostgresInspection(pool, clock=self.clock)
        self.operations = PostgresOperations(pool, clock=self.clock)
        self.bulk_operations = PostgresBulkOperations(pool, clock=self.clock)
        self.room = postgres_control_room(pool, job_classes=JOB_CLASSES, clock=self.clock)
        self._resources = resources

    def listing(self, most_read: int) -> JobListing:
        """List as `World.listing` says."""
        return PostgresJobListing(self.pool, most_read=most_read)

    async def write(self, note: str) -> None:
        """Write as `World.write` says."""
        async with self._unit_of_work as connection:
            await connection.execute("insert into effects (note) values ($1)", note)

    async def effects_seen_inside(self) -> Sequence[str]:
        """Return as `World.effects_seen_inside` says."""
        async with self._unit_of_work as connection:
            return [row["note"] for row in await connection.fetch("select note from effects order by note")]

    async def fail_a_statement(self) -> None:
        """Insert a row that exists, leaving no block by the error."""
        async with self._unit_of_work as connection:
            pass
        await connection.execute("insert into customers values ('ADA')")

    async def kill(self, worker: HandWorker) -> None:
        """End the session that shows that the worker's process lives."""
        ended = await self.pool.fetchval(
            "select pg_terminate_backend(session_pid) from arrower.workers where id = $1",
            worker.id,
        )
        assert ended, f"worker {worker.id} had no session"

    async def freeze(self, pool_name: str) -> None:
        """Freeze as `World.freeze` says."""
        await self.pool.execute(
            "update arrower.workers set heartbeat_at = $2::timestamptz - 2 * lease where pool_name = $1",
            pool_name,
            self.clock.now(),
        )

    async def new_pool(self, **options: Any) -> Pool:
        """Return more connections to the same database, closed at the end."""
        return await _open_pool(self.dsn, self._resources, **options)

    async def _others_have_rescued(self) -> None:
        """Wait for the rows of the workers, which a rescue holds until it commits."""
        await self.pool.execute("select from arrower.workers for share")

    def _new_queue(self, name: str, options: dict[str, Any]) -> JobQueue:
        options = {"clock": self.clock, **options}
        return PostgresQueue(options.pop("pool", self.pool), name, **options)

    async def _start(self, queue: Queue) -> None:
        """Do nothing: registering a job func has started it."""

    async def _new_seat(self, queue: str) -> Seat:
        pool = await self.new_pool()
        return PostgresSeat(pool, PostgresStore(pool, queue, Schema(), self.clock, timedelta(hours=24)))

    async def _committed_effects(self) -> list[str]:
        return [row["note"] for row in await self.pool.fetch("select note from effects")]


@asynccontextmanager
async def open_postgres_world(dsn: str) -> AsyncIterator[PostgresWorld]:
    """Open the world in a fresh database that was migrated."""
    async with AsyncExitStack() as resources:
        pool = await _open_pool(dsn, resources, min_size=1, max_size=10)
        await pool.execute(_TABLES)
        world = PostgresWorld(dsn, pool, resources)
        await pool.execute(_COUNT_FROM_NOW, world.clock.now())
        resources.push_async_callback(world.close)
        yield world


async def _open_pool(dsn: str, resources: AsyncExitStack, **options: Any) -> Pool:
    pool = await asyncpg.create_pool(dsn, **{"min_size": 0, "max_size": 3, **options})
    resources.push_async_callback(_close_pool, pool)
    return pool


async def _close_pool(pool: Pool) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await pool.close()
    except TimeoutError as error:
        pool.terminate()
        msg = "a connection was never given back to the pool"
        raise AssertionError(msg) from error
