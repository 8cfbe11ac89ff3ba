"""Creating the tables of the queue."""

import asyncio
import sys

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, migrate
from adapters.postgres.driver import Pool
from domain.jobs import EnqueueFailed, InvalidQueueOption
from tests.worlds.deadline import within
from tests.worlds.jobs import CheckFraud


class TestMigrate:
    """Idempotent, and safe when many call it at once."""

    async def test_twenty_calls_at_once_from_several_processes(self, database_dsn: str, pool: Pool) -> None:
        """One of them works, the others wait, and all of them succeed."""
        processes = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.integration.migrate_program", database_dsn, "5"),
            )
            for _ in range(4)
        ]
        outcomes = await within(asyncio.gather(*(process.wait() for process in processes)), patience=40)
        versions = [row["version"] for row in await pool.fetch("select version from crowded.migrations order by 1")]

        assert outcomes == [0, 0, 0, 0]
        assert versions == list(range(1, len(versions) + 1))

    async def test_again_changes_nothing(self, pool: Pool) -> None:
        """Jobs that wait are left alone."""
        await PostgresQueue(pool).enqueue(CheckFraud("A-1001"))

        await migrate(pool)

        assert await pool.fetchval("select count(*) from arrower.jobs") == 1

    async def test_a_database_of_a_newer_version_is_left_as_it_is(self, pool: Pool) -> None:
        """An old process that starts during a deployment does no harm."""
        await pool.execute("insert into arrower.migrations (version, name) values (999, 'from the future')")

        await migrate(pool)

        assert await pool.fetchval("select max(version) from arrower.migrations") == 999

    async def test_a_cancelled_call_leaves_nothing(self, pool: Pool) -> None:
        """All or nothing, and another call can follow."""
        call = asyncio.create_task(migrate(pool, schema="half"))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

        assert not await pool.fetchval("select exists (select from pg_namespace where nspname = 'half')")
        await migrate(pool, schema="half")
        assert await pool.fetchval("select count(*) from half.jobs") == 0

    async def test_enqueue_without_it_says_what_is_missing(self, pool: Pool) -> None:
        """The error names the call to make."""
        with pytest.raises(EnqueueFailed, match=r"migrate\(\)"):
            await PostgresQueue(pool, schema="nowhere").enqueue(CheckFraud("A-1001"))

    @pytest.mark.parametrize("name", ["", "pg_jobs", "new\nline", "s" * 64, "ü" * 32])
    async def test_an_impossible_schema_name_is_refused(self, pool: Pool, name: str) -> None:
        """Before anything is asked of the database."""
        with pytest.raises(InvalidQueueOption, match="schema"):
            await migrate(pool, schema=name)

    async def test_needs_no_extension_and_no_more_than_one_schema(self, pool: Pool) -> None:
        """Everything lies in the schema it was given."""
        relations = """
        select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'arrower')"""

        assert await pool.fetchval(relations) == 0
        assert await pool.fetch("select extname from pg_extension where extname <> 'plpgsql'") == []

    async def test_a_pool_of_one_will_do(self, database_dsn: str) -> None:
        """It needs one connection."""
        async with asyncpg.create_pool(database_dsn, min_size=0, max_size=1) as pool:
            await within(migrate(pool, schema="alone"))

            assert await pool.fetchval("select count(*) from alone.jobs") == 0
