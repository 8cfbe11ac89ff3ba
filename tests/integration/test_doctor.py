"""What the doctor finds on a server where it was brought about."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from adapters.postgres import postgres_control_room
from adapters.postgres.driver import Pool
from application.jobs.diagnosing import FindingKind, Severity
from tests.integration.roles import reader_role
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually


async def found(world: PostgresWorld) -> dict[FindingKind, tuple[Severity, str]]:
    """Return the kinds that were found, how bad they are and what they are about."""
    return {finding.kind: (finding.severity, finding.about) for finding in await world.room.diagnose()}


async def test_tables_of_another_version(world: PostgresWorld) -> None:
    """Newer ones are fine, older ones are not, and missing ones are told without an error."""
    await world.pool.execute("insert into arrower.migrations (version, name) values (99, 'later')")
    newer = await found(world)
    await world.pool.execute("delete from arrower.migrations where version > 1")
    older = await found(world)
    await world.pool.execute("drop schema arrower cascade")

    assert newer == {FindingKind.NEWER_SCHEMA: (Severity.NOTICE, "")}
    assert older == await found(world) == {FindingKind.NOT_MIGRATED: (Severity.ERROR, "")}


async def test_dead_rows_that_nobody_cleans_up(world: PostgresWorld) -> None:
    """Autovacuum does not come to this table; in a new database it had no time to."""
    await world.pool.execute("alter table arrower.statistics set (autovacuum_enabled = off)")
    await world.pool.execute("alter table arrower.jobs set (autovacuum_enabled = off)")
    await world.pool.execute("alter table arrower.jobs disable trigger user")
    await world.pool.execute(
        "insert into arrower.jobs (queue, type, payload, state, run_at) "
        "select '', 'receipt', '{}', 'scheduled', now() from generate_series(1, 12000)"
    )
    await world.pool.execute("delete from arrower.jobs")

    async def is_due() -> bool:
        report = await world.room.database()
        return report is not None and [table.name for table in report.tables if table.vacuum_due] == ["jobs"]

    await eventually(is_due)
    assert FindingKind.VACUUM_BEHIND not in await found(world)
    world.clock.advance(datetime.now(UTC) - world.clock.now() + timedelta(minutes=11))
    assert (await found(world))[FindingKind.VACUUM_BEHIND] == (Severity.WARNING, "jobs")


async def test_jobs_that_ended_a_moment_ago_are_told_from_a_backlog_of_vacuum(world: PostgresWorld) -> None:
    """Though nobody has counted them yet; those that are counted, and those of long ago, are told of elsewhere."""
    world.clock.advance(datetime.now(UTC) - world.clock.now())
    now = world.clock.now()
    await world.pool.execute("update arrower.statistics_progress set counted_until = $1", now - timedelta(hours=2))
    await world.pool.execute(
        """insert into arrower.finished_jobs
            (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, enqueued_at, finished_at)
        select n, '', 'receipt', '{}', 0, $1, 'completed', 1, 1, 0, $1, $1::timestamptz - n * interval '1 min'
        from generate_series(1, 60) as n""",
        now,
    )
    before = await world.room.database()
    await world.pool.execute("update arrower.statistics_progress set counted_until = $1", now - timedelta(minutes=3))
    after = await world.room.database()

    assert before is not None
    assert after is not None
    assert (before.ended_uncounted, after.ended_uncounted) == (10, 3)


async def test_a_session_that_holds_a_snapshot(world: PostgresWorld) -> None:
    """It is named with what ends it, once it has been there for long; and then it is gone."""
    async with world.pool.acquire() as session, session.transaction(isolation="repeatable_read"):
        await session.execute("set local application_name = 'month end report'")
        await session.execute("select count(*) from arrower.finished_jobs")
        world.clock.advance(datetime.now(UTC) - world.clock.now())
        at_once = await found(world)
        world.clock.advance(timedelta(minutes=6))
        (finding,) = (one for one in await world.room.diagnose() if one.kind is FindingKind.HELD_SNAPSHOT)
        pid = session.get_server_pid()

    assert FindingKind.HELD_SNAPSHOT not in at_once
    assert (finding.severity, finding.about) == (Severity.WARNING, "month end report")
    assert f"by the session month end report, pid {pid}, user postgres, idle in transaction" in finding.found
    assert f"pg_terminate_backend({pid})" in finding.advice
    assert FindingKind.HELD_SNAPSHOT not in await found(world)


async def test_more_places_than_connections(world: PostgresWorld) -> None:
    """All of them might write at once."""
    await world.worker({"fraud.check": 25}, size=1_000)

    assert (await found(world))[FindingKind.CONNECTIONS_SHORT] == (Severity.WARNING, "")


@pytest.fixture
async def shop(world: PostgresWorld) -> AsyncIterator[Pool]:
    """Yield connections of the role of an application, which may have five."""
    async with reader_role(world, "shop", "connection limit 5") as pool:
        yield pool


class TestLimits:
    """Of a role or a database, besides that of the server."""

    async def test_of_the_role_that_looks(self, world: PostgresWorld, shop: Pool) -> None:
        """As which the workers are taken to connect, where none is there."""
        report = await postgres_control_room(shop).database()

        assert report is not None
        assert [(limit.limit, limit.connections) for limit in report.other_limits] == [(5, 1)]
        assert await postgres_control_room(shop).diagnose() == []
        async with shop.acquire(), shop.acquire(), shop.acquire(), shop.acquire():
            (finding,) = await postgres_control_room(shop).diagnose()
        assert finding.kind is FindingKind.CONNECTIONS_SHORT
        assert "5 of 5 connections of the role shop_of_" in finding.found
        assert "alter role" in finding.advice

    async def test_of_the_role_of_the_workers(self, world: PostgresWorld, shop: Pool) -> None:
        """Not of whoever looks: a superuser is not limited."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
        assert await found(world) == {}

        async with shop.acquire() as session:
            pid = session.get_server_pid()
            await world.pool.execute("update arrower.workers set session_pid = $1 where id = $2", pid, worker.id)
            (finding,) = await world.room.diagnose()

        assert finding.kind is FindingKind.CONNECTIONS_SHORT
        assert "The workers may want 11 connections, the role shop_of_" in finding.found

    async def test_of_the_database(self, world: PostgresWorld) -> None:
        """It counts for all roles in it."""
        await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
        name = urlsplit(world.dsn).path.removeprefix("/")
        await world.pool.execute(f'alter database "{name}" connection limit 10')

        (finding,) = await world.room.diagnose()

        assert f"the database {name} allows 10" in finding.found


async def test_workers_behind_a_pooler(world: PostgresWorld) -> None:
    """Their sessions are not known, whatever way the doctor came."""
    worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
    await world.pool.execute("update arrower.workers set session_pid = null where id = $1", worker.id)

    (finding,) = await world.room.diagnose()

    assert finding.kind is FindingKind.POOLER
    assert "1 worker pool came by way of a pooler" in finding.found


@pytest.mark.parametrize("gone", ["left_at", "died_at"])
async def test_workers_that_are_gone_had_their_sessions_in_their_time(
    world: PostgresWorld, shop: Pool, gone: str
) -> None:
    """Neither what stood before them matters any more, nor the role that uses the number of their session now."""
    pooled, limited = [await world.worker({"fraud.check": 25}, lease=timedelta(days=1)) for _ in range(2)]
    await world.pool.execute(f"update arrower.workers set {gone} = now()")  # one of two names
    await world.pool.execute("update arrower.workers set session_pid = null where id = $1", pooled.id)
    async with shop.acquire() as session:
        pid = session.get_server_pid()
        await world.pool.execute("update arrower.workers set session_pid = $1 where id = $2", pid, limited.id)
        report = await world.room.database()

    assert report is not None
    assert (report.pooled_workers, list(report.other_limits)) == (0, [])
