"""Migrations: many at once, interrupted, held up, and under load."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, migrate
from adapters.postgres.driver import Pool
from adapters.postgres.migrate import Migration, apply, migrations
from adapters.postgres.schema import Schema
from domain.jobs import EnqueueFailed
from tests.faults.act import Act
from tests.faults.load import under_load
from tests.faults.scene import ServerScene
from tests.worlds.deadline import within

NEXT = Migration(
    1_000,
    "one that changes every table",
    """
    alter table {schema}.jobs add column note text not null default '';
    alter table {schema}.finished_jobs add column note text not null default '';
    alter table {schema}.attempts add column note text;
    alter table {schema}.workers add column note text;
    create index finished_jobs_by_note on {schema}.finished_jobs (note);
    create table {schema}.notes (note text)""",
)
ARROWER = Schema()
IS_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@asynccontextmanager
async def other_pool(scene: ServerScene) -> AsyncIterator[Pool]:
    """Open a pool with the settings of the database."""
    async with asyncpg.create_pool(scene.dsn, min_size=0, max_size=2) as pool:
        yield pool


async def version(scene: ServerScene) -> int:
    """Return the last migration there was."""
    number: int = await scene.pool.fetchval("select max(version) from arrower.migrations")
    return number


async def test_twenty_migrations_at_once(server_scene: ServerScene) -> None:
    """One works, the others wait; each connection is a process of its own to the server."""
    scene = server_scene
    await scene.pool.execute("drop schema arrower cascade")
    pools = [asyncpg.create_pool(scene.dsn, min_size=0, max_size=1) for _ in range(20)]
    for pool in pools:
        await pool
    await asyncio.gather(*(migrate(pool) for pool in pools))

    assert await scene.pool.fetchval("select count(*) from arrower.migrations") > 0
    await scene.enqueue(Act("LAMP"))
    for pool in pools:
        await pool.close()


@pytest.mark.faults
async def test_twenty_processes_that_migrate_at_once(server_scene: ServerScene) -> None:
    """All of them end well, and the queue works."""
    scene = server_scene
    await scene.pool.execute("drop schema arrower cascade")
    for _ in range(20):
        scene.crew.start(migrates=True)
    for worker in scene.crew.workers:
        assert await worker.ends(50) == 0, worker.log

    await scene.enqueue(Act("LAMP"))
    scene.crew.start()
    await scene.done()
    await scene.check()


async def test_a_migration_that_is_interrupted_leaves_nothing_behind(server_scene: ServerScene) -> None:
    """The session is ended in the middle; afterwards it works as if it had never been tried."""
    scene = server_scene
    await scene.pool.execute("drop schema arrower cascade; create schema arrower")
    await scene.pool.execute(_INTERRUPT)
    async with asyncpg.create_pool(scene.dsn, min_size=0, max_size=1) as pool:
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await migrate(pool)
        assert await scene.pool.fetchval("select to_regclass('arrower.jobs')") is None
        await scene.pool.execute("drop event trigger interrupt")
        await migrate(pool)

    await scene.enqueue(Act("LAMP"))
    scene.crew.start()
    await scene.done()
    await scene.check()


_INTERRUPT = """
create function interrupt() returns event_trigger language plpgsql as $$
begin
    if to_regclass('arrower.finished_jobs') is not null then perform pg_terminate_backend(pg_backend_pid()); end if;
end $$;
create event trigger interrupt on ddl_command_end execute function interrupt()"""


async def test_workers_and_producers_go_on_while_every_table_is_changed(server_scene: ServerScene) -> None:
    """Those that run were made for the version before."""
    scene = server_scene
    scene.crew.start()
    scene.crew.start()
    async with under_load(scene) as load:
        await load.commits(40)
        await within(apply(scene.pool, ARROWER, [NEXT]))
        await load.commits(40)
    await scene.done()

    await scene.check()
    assert await version(scene) == NEXT.version
    assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 0


async def test_a_migration_gives_way_to_a_long_transaction_and_does_not_stop_the_workers(
    server_scene: ServerScene, caplog: pytest.LogCaptureFixture
) -> None:
    """It waits for the lock of a whole table, and everybody who came after would wait for it."""
    scene = server_scene
    scene.crew.start(lease=60.0)
    async with scene.pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table arrower.jobs in row share mode")  # as every job func has it that writes
        migrating = asyncio.create_task(apply(scene.pool, ARROWER, [NEXT]))
        for number in range(2):
            await scene.sees(lambda waiting: waiting > 0, IS_WAITING)
            await within(scene.enqueue(Act(f"LAMP-{number}")))
            await scene.done()
        assert not migrating.done()
    await within(migrating)

    assert "migration 1000 (one that changes every table) gives way to a long transaction" in caplog.text
    assert await version(scene) == NEXT.version
    await scene.check()


async def test_the_limits_of_the_database_do_not_end_a_migration(server_scene: ServerScene) -> None:
    """Neither its waiting for another process that migrates, nor a change that takes long."""
    scene = server_scene
    await scene.configure("set lock_timeout = '50ms'")
    await scene.configure("set statement_timeout = '50ms'")
    slow = NEXT._replace(statements="select pg_sleep(0.2)")
    async with other_pool(scene) as pool, scene.pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1, 0)", ARROWER.key)
        migrating = asyncio.create_task(apply(pool, ARROWER, [slow]))
        await scene.sees(lambda waiting: waiting > 0, IS_WAITING)
        await connection.execute("select pg_sleep(0.2)")
        assert not migrating.done()
        await connection.execute("commit; begin")
        await within(migrating)

    assert await version(scene) == NEXT.version


async def test_a_migrated_database_may_be_read_only(server_scene: ServerScene) -> None:
    """There is nothing to do, and nothing is asked for but to read."""
    scene = server_scene
    await scene.configure("set default_transaction_read_only = on")
    async with other_pool(scene) as pool:
        await migrate(pool)
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await apply(pool, ARROWER, [NEXT])


async def test_a_worker_that_starts_before_there_are_tables_says_so_and_works_once_there_are(
    server_scene: ServerScene,
) -> None:
    """So does a producer: both name the call to make."""
    scene = server_scene
    await scene.pool.execute("drop schema arrower cascade")
    worker = scene.crew.start()
    await worker.says("call migrate()")
    with pytest.raises(EnqueueFailed, match=r"call migrate\(\)"):
        await PostgresQueue(scene.pool).enqueue(Act("REFUSED"))
    await migrate(scene.pool)
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await scene.done()

    await scene.check()
    assert not worker.has_ended


async def test_a_worker_that_is_newer_than_the_tables_harms_nothing_and_works_once_they_are_migrated(
    server_scene: ServerScene,
) -> None:
    """Whether it can work before depends on what is new; where it cannot, it says so."""
    scene = server_scene
    await scene.pool.execute("drop schema arrower cascade")
    await apply(scene.pool, ARROWER, migrations()[:-1])
    worker = scene.crew.start()
    works = "exists (select from arrower.workers)"
    await scene.sees(lambda so: so or "call migrate()" in worker.log, f"select {works}")
    async with under_load(scene) as load:
        await load.commits(20)
        await migrate(scene.pool)
        await load.commits(20)
    await scene.done()

    await scene.check()
    assert not worker.has_ended
