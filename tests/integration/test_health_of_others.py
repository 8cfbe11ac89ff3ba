"""What a report of health must not take for ours: of other schemas, databases and roles, or of another kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres.driver import Connection, Pool
from adapters.postgres.looking.health import PostgresHealth
from adapters.postgres.schema import Schema
from adapters.postgres.surveys import Surveys
from tests.integration.roles import reader_role
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually

_CLIENTS = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
_CLIENTS_HERE = "select count(*) from pg_stat_activity where datname = current_database()"
_PARALLEL = "select exists (select from pg_stat_activity where backend_type = 'parallel worker')"
_SETTING = "select name from pg_settings where name in ('debug_parallel_query', 'force_parallel_mode')"


@asynccontextmanager
async def another_database(world: PostgresWorld, options: str = "") -> AsyncIterator[Connection]:
    """Yield a connection to a database beside that of the world."""
    parts = urlsplit(world.dsn)
    name = f"beside_{parts.path.removeprefix('/')}"
    await world.pool.execute(f'create database "{name}" {options}')
    try:
        connection = await asyncpg.connect(urlunsplit(parts._replace(path=f"/{name}")))
        try:
            yield connection
        finally:
            await connection.close()
    finally:
        await world.pool.execute(f'drop database "{name}" with (force)')


class TestConnections:
    """Those that count against the limit of the server."""

    async def test_whoever_looks_counts_the_same(self, world: PostgresWorld) -> None:
        """A role without rights does not see which sessions are the server's own."""
        async with reader_role(world, "visitor") as visitor, visitor.acquire():

            async def are_the_same() -> bool:
                report = await PostgresHealth(visitor).report()
                return bool(report.connections == await world.pool.fetchval(_CLIENTS))

            await eventually(are_the_same)

    async def test_a_parallel_worker_is_none(self, world: PostgresWorld) -> None:
        """It has slots of its own."""
        async with world.pool.acquire() as session:
            await session.execute(f"set {await session.fetchval(_SETTING)} = on")
            busy = asyncio.create_task(session.execute("select pg_sleep(60)"))
            await eventually(lambda: world.pool.fetchval(_PARALLEL))

            async def are_the_clients() -> bool:
                report = await PostgresHealth(world.pool).report()
                return bool(report.connections == await world.pool.fetchval(_CLIENTS))

            await eventually(are_the_clients)
            busy.cancel()
            await asyncio.wait([busy])


class TestTables:
    """Those of the schema that was asked for."""

    async def test_a_schema_of_somebody_else_has_none_of_ours(self, world: PostgresWorld) -> None:
        """Though it is there, and has tables, and ours are in the one beside it."""
        await world.pool.execute("create schema theirs; create table theirs.orders ()")

        report = await PostgresHealth(world.pool, schema="theirs").report()

        assert (report.schema_version, report.is_migrated) == (0, False)

    async def test_only_tables_and_their_indexes_are_told(self, world: PostgresWorld) -> None:
        """No views, and nothing of other schemas."""
        await world.pool.execute(
            "create materialized view arrower.summary as select 1 as one;"
            "create table public.orders (id integer constraint orders_of_the_shop primary key)"
        )

        report = await PostgresHealth(world.pool).report()

        assert "summary" not in {table.name for table in report.tables}
        assert "orders_of_the_shop" not in {index.name for index in report.indexes}


class TestLimits:
    """Those that the workers can run into."""

    async def test_of_a_database_only_its_own(self, world: PostgresWorld) -> None:
        """With the connections to it."""
        name = urlsplit(world.dsn).path.removeprefix("/")
        await world.pool.execute(f'alter database "{name}" connection limit 20')
        async with another_database(world, "connection limit 7"):
            (limit,) = (await PostgresHealth(world.pool).report()).other_limits

            assert (limit.of, limit.limit) == (f"database {name}", 20)
            assert limit.connections == await world.pool.fetchval(_CLIENTS_HERE)

    @pytest.mark.parametrize("options", ["", "superuser connection limit 3"])
    async def test_not_of_a_role_that_is_not_limited(self, world: PostgresWorld, options: str) -> None:
        """One without a limit, or one that no limit stops."""
        async with reader_role(world, "shop", options.replace("superuser", "")) as shop:
            if options:
                await world.pool.execute(f'alter role "{await shop.fetchval("select current_user")}" superuser')

            assert list((await PostgresHealth(shop).report()).other_limits) == []

    async def test_not_of_the_role_that_looks_where_workers_have_another(self, world: PostgresWorld) -> None:
        """Theirs matters."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
        async with world.pool.acquire() as session, reader_role(world, "shop", "connection limit 5") as shop:
            pid = session.get_server_pid()
            await world.pool.execute("update arrower.workers set session_pid = $1 where id = $2", pid, worker.id)

            assert list((await PostgresHealth(shop).report()).other_limits) == []


async def _named(pool: Pool) -> set[str]:
    return {holder.name for holder in (await PostgresHealth(pool).report()).oldest_snapshots}


async def _surveyed(pool: Pool) -> timedelta | None:
    return (await Surveys(pool, Schema("arrower"), None).survey()).oldest_snapshot


class TestSnapshots:
    """Those that keep dead rows here from being cleaned up."""

    async def test_whoever_has_written_holds_one(self, world: PostgresWorld) -> None:
        """Also between two statements."""
        async with world.pool.acquire() as session, session.transaction():
            await session.execute("set local application_name = 'till'; create table receipts ()")

            assert "till" in await _named(world.pool)

    async def test_whoever_only_began_holds_none(self, world: PostgresWorld) -> None:
        """Nor does whoever looks."""
        async with world.pool.acquire() as session, session.transaction():
            assert await _surveyed(world.pool) is None

    async def test_one_in_another_database_keeps_nothing_here(self, world: PostgresWorld) -> None:
        """However old it is."""
        async with another_database(world) as session, session.transaction(isolation="repeatable_read"):
            await session.execute("set local application_name = 'month end report beside'; select 1")

            assert "month end report beside" not in await _named(world.pool)
            assert await _surveyed(world.pool) is None
