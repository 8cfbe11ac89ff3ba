"""A database that is not what it was: another password, another name, or made anew."""

import itertools
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, migrate
from adapters.postgres.driver import Connection
from domain.jobs import AttemptLost, JobState
from tests.faults.act import Act
from tests.faults.load import under_load
from tests.faults.scene import ServerScene
from tests.faults.tables import EFFECTS
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud

TYPES = {"fraud.check": 3}
_END_SESSIONS = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1"
AGAIN = "claiming jobs failed, next try in 0.4 s"


@asynccontextmanager
async def emptied(scene: ServerScene) -> AsyncIterator[tuple[Connection, str]]:
    """Let nobody into the database, and give a connection to another one and the name."""
    name = urlsplit(scene.dsn).path.removeprefix("/")
    connection = await asyncpg.connect(scene.server.dsn)
    try:
        await connection.execute(f'alter database "{name}" allow_connections false')
        await connection.execute(_END_SESSIONS, name)
        await scene.pool.expire_connections()
        yield connection, name
    finally:
        await connection.close()


@pytest.mark.faults
async def test_a_password_that_was_changed_is_told_of_until_it_is_right_again(server_scene: ServerScene) -> None:
    """Sessions that are open stay; what needs a new one fails as it does without a server."""
    scene = server_scene
    role = f"app_{urlsplit(scene.dsn).path.removeprefix('/')}"
    await scene.pool.execute(
        f'create role "{role}" login password \'OLD\'; grant all on schema arrower, public to "{role}";'
        f'grant all on all tables in schema arrower, public to "{role}"',
    )
    parts = urlsplit(scene.tcp_dsn)
    worker = scene.crew.start(dsn=urlunsplit(parts._replace(netloc=f"{role}:OLD@127.0.0.1:{parts.port}")))
    await scene.enqueue(Act("BEFORE"))
    await scene.done()
    await scene.pool.execute(f"alter role \"{role}\" password 'NEW'")
    await scene.enqueue(Act("ON OPEN SESSIONS"))
    await scene.done()
    await scene.end_sessions(f"usename = '{role}'")
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await worker.says(AGAIN)
    await worker.says(f'password authentication failed for user "{role}"')
    await scene.pool.execute(f"alter role \"{role}\" password 'OLD'")
    await scene.done()

    await scene.check()
    scene.crew.end()
    await scene.pool.execute(f'drop owned by "{role}"; drop role "{role}"')


@pytest.mark.faults
async def test_a_database_that_is_renamed_under_load_is_waited_for(server_scene: ServerScene) -> None:
    """Until it has its name again."""
    scene = server_scene
    workers = [scene.crew.start(max_attempts=25) for _ in range(2)]
    async with under_load(scene) as load:
        await load.commits(40)
        async with emptied(scene) as (connection, name):
            await connection.execute(f'alter database "{name}" rename to "{name}_aside"')
            for worker in workers:
                await worker.says(AGAIN)
                await worker.says(f'database "{name}" does not exist')  # before, that it takes no connections
            await connection.execute(f'alter database "{name}_aside" rename to "{name}"')
            await connection.execute(f'alter database "{name}" allow_connections true')
        await load.commits(40)
    await scene.done()

    await scene.check(max_attempts=25)


@pytest.mark.faults
async def test_what_ran_when_the_database_was_made_anew_does_nothing_in_the_new_one(server_scene: ServerScene) -> None:
    """Its jobs and its workers are counted from the start again, and none of them is taken for one of before."""
    scene = server_scene
    await PostgresQueue(scene.pool).enqueue([Act(f"OF BEFORE-{n}", seconds=1.0) for n in range(4)])
    survivor = scene.crew.start(lease=30.0)
    await scene.begins("OF BEFORE-3")
    survivor.signal(signal.SIGSTOP)
    async with emptied(scene) as (connection, name):
        await connection.execute(f'drop database "{name}"')
        await connection.execute(f'create database "{name}"')
    await migrate(scene.pool)
    await scene.pool.execute(EFFECTS)
    scene.crew.start()
    await scene.enqueue(*[Act(f"LAMP-{n}", seconds=1.5) for n in range(4)])
    await scene.begins("LAMP-3")
    survivor.signal(signal.SIGCONT)
    await survivor.says("of job 1 (act) was lost")
    await scene.done()
    numbers = itertools.count()

    async def works_again() -> bool:
        await scene.enqueue(Act(f"RUG-{next(numbers)}", seconds=0.1))
        return any(event.worker == survivor.pid and event.name.startswith("RUG") for event in scene.history.began)

    await eventually(works_again)
    await scene.done()

    await scene.check()


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def test_the_numbers_of_tables_that_were_dropped_mean_nothing_in_new_ones(world: PostgresWorld) -> None:
    """Neither those of jobs and attempts nor those of workers."""
    before = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    stale = await before.claim()
    await world.pool.execute("drop schema arrower cascade")
    await migrate(world.pool)
    now = await world.worker(TYPES)
    ids = await world.queue().enqueue([CheckFraud("A-1003"), CheckFraud("A-1004")])
    jobs = await now.claim()

    assert [job.id for job in jobs] == [job.id for job in stale] == ids
    assert not await before.store.heartbeat(before.id)
    assert await before.claim() == []
    assert not await before.complete(stale[0])
    assert not await before.retry(stale[1], timedelta(0))
    with pytest.raises(AttemptLost):
        await before.commit(stale[0], "of before")
    assert await world.counts() == {JobState.RUNNING: 2}
