"""The state of the server, as the dashboard and the doctor read it, with the rights of who looks."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.postgres import postgres_control_room
from adapters.postgres.driver import Pool
from adapters.postgres.looking.health import PostgresHealth
from adapters.postgres.schema import Schema
from adapters.postgres.surveys import Surveys
from application.jobs.looking import HolderKind, JobFilter, SnapshotHolder
from domain.jobs import JobState
from tests.integration.roles import reader_role
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.jobs import CheckFraud


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world in PostgreSQL."""
    async with open_postgres_world(database_dsn) as world:
        yield world


@pytest.fixture
async def visitor(world: PostgresWorld) -> AsyncIterator[Pool]:
    """Yield connections of a role that may read the tables, and nothing else."""
    async with reader_role(world, "visitor") as pool:
        yield pool


async def holders(pool: Pool) -> list[SnapshotHolder]:
    """Return who holds a snapshot."""
    return list((await PostgresHealth(pool).report()).oldest_snapshots)


class TestHealth:
    """What is told of a server."""

    async def test_tells_of_tables_indexes_and_limits(self, world: PostgresWorld) -> None:
        """Of those in the schema that was asked for."""
        report = await PostgresHealth(world.pool).report()

        assert report.is_migrated
        assert {"jobs", "finished_jobs", "attempts", "workers"} <= {table.name for table in report.tables}
        assert "jobs_ready" in {index.name for index in report.indexes if index.table == "jobs"}
        assert 0 < report.connections <= report.connection_limit
        assert 0 <= report.notification_queue_usage < 1
        assert report.autovacuum
        assert not report.pooler

    async def test_tells_that_there_are_no_tables(self, world: PostgresWorld) -> None:
        """Instead of failing on what is missing."""
        report = await PostgresHealth(world.pool, schema="nowhere").report()

        assert (report.schema_version, report.is_migrated, list(report.tables)) == (0, False, [])

    async def test_tells_when_vacuum_is_due(self, world: PostgresWorld) -> None:
        """By the threshold of the table itself."""
        await world.pool.execute("alter table arrower.jobs set (autovacuum_enabled = off)")
        await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(2_000)])
        await world.pool.execute("alter table arrower.jobs set (autovacuum_vacuum_threshold = 1500)")
        await world.pool.execute("alter table arrower.jobs set (autovacuum_vacuum_scale_factor = 0)")
        assert not await self._vacuum_is_due(world)

        await world.pool.execute("delete from arrower.jobs")

        await world.eventually(lambda: self._vacuum_is_due(world))

    async def test_names_who_holds_a_snapshot(self, world: PostgresWorld) -> None:
        """An idle session in a transaction, by its application, its process and its last statement."""
        async with world.pool.acquire() as session, session.transaction(isolation="repeatable_read"):
            await session.execute("set local application_name = 'month end report'")
            await session.execute("select count(*) from arrower.finished_jobs")

            found = [one for one in await holders(world.pool) if one.name == "month end report"]

            assert [(one.kind, one.state) for one in found] == [(HolderKind.SESSION, "idle in transaction")]
            assert found[0].pid == session.get_server_pid()
            assert "finished_jobs" in str(found[0].query)
            assert found[0].age is not None

    async def test_a_vacuum_is_in_nobodys_way(self, world: PostgresWorld) -> None:
        """However long it takes: whoever ended it would have dead rows for longer."""
        await world.pool.execute("create table sold as select n from generate_series(1, 20000) as n")
        vacuuming = await asyncpg.connect(world.dsn)
        await vacuuming.execute("set vacuum_cost_delay = 100; set vacuum_cost_limit = 1")
        vacuum = asyncio.create_task(vacuuming.execute("vacuum sold"))
        await world.eventually(lambda: self._vacuums(world))

        found = [one for one in await holders(world.pool) if one.pid == vacuuming.get_server_pid()]
        survey = await Surveys(world.pool, Schema(), None).survey()
        under_way = await self._vacuums(world)
        vacuuming.terminate()
        await asyncio.gather(vacuum, return_exceptions=True)

        assert under_way
        assert (found, survey.oldest_snapshot) == ([], None)

    async def _vacuums(self, world: PostgresWorld) -> bool:
        return bool(await world.pool.fetchval("select exists (select from pg_stat_progress_vacuum)"))

    async def _vacuum_is_due(self, world: PostgresWorld) -> bool:
        async with world.pool.acquire() as connection:
            await connection.execute("select pg_stat_force_next_flush()")
        report = await PostgresHealth(world.pool).report()
        return [table.vacuum_due for table in report.tables if table.name == "jobs"] == [True]


class TestVisitor:
    """A role that may only read."""

    async def test_sees_who_holds_a_snapshot_but_not_what_for(self, world: PostgresWorld, visitor: Pool) -> None:
        """The server hides statements of others; what it hides is None."""
        async with world.pool.acquire() as session, session.transaction(isolation="repeatable_read"):
            await session.execute("select count(*) from arrower.finished_jobs")

            found = [one for one in await holders(visitor) if one.pid == session.get_server_pid()]

            assert [(one.query, one.state, one.age) for one in found] == [(None, None, None)]

    async def test_counts_the_connections_of_all(self, world: PostgresWorld, visitor: Pool) -> None:
        """Also of roles whose sessions it may not look into."""
        async with world.pool.acquire(), world.pool.acquire():
            assert (await PostgresHealth(visitor).report()).connections >= 3

    async def test_reads_everything_there_is(self, world: PostgresWorld, visitor: Pool) -> None:
        """Each look of the control room."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        room = postgres_control_room(visitor)

        assert (await room.job(job_id)).job.state is JobState.READY
        assert [job.id for job in (await room.jobs(JobFilter(state=JobState.READY))).jobs] == [job_id]
        assert [queue.counts[JobState.READY] for queue in await room.queues()] == [1]
        assert await room.dead() == []
        assert await room.workers() == []
        assert await room.throughput(world.clock.now()) is not None
        assert (await room.database()) is not None
        assert await room.diagnose() is not None

    async def test_changes_nothing(self, world: PostgresWorld, visitor: Pool) -> None:
        """The server refuses."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        room = postgres_control_room(visitor)

        for act in (room.cancel, room.delete):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await act(job_id)

        assert await world.state_of(job_id) is JobState.READY
