"""A server that goes away, comes back, and ends sessions as it pleases."""

import asyncio
import random
import re
import signal

import asyncpg
import pytest

from adapters.postgres import PostgresUnitOfWork, migrate
from infrastructure.embedded_postgres import StopMode
from tests.faults.act import Act
from tests.faults.load import under_load
from tests.faults.scene import ServerScene
from tests.worlds.deadline import eventually

PRESENT = """
select count(*) from arrower.workers join pg_stat_activity as session on session.pid = session_pid
where backend_start < heartbeat_at"""


@pytest.mark.parametrize("mode", ["immediate", "fast"])
async def test_a_server_that_restarts_under_load_loses_and_doubles_nothing(
    server_scene: ServerScene, mode: StopMode
) -> None:
    """Workers and producers come back by themselves."""
    scene = server_scene
    scene.crew.start()
    scene.crew.start()
    async with under_load(scene) as load:
        for _ in range(2):
            await load.commits(40)
            await scene.restart(mode)
        await load.commits(20)

    await scene.done()

    await scene.check()


async def test_what_was_told_to_be_committed_survives_a_crash_of_the_server(server_scene: ServerScene) -> None:
    """An enqueue, a unit, a job and its effect, with nobody else there whose commits would flush theirs, too."""
    scene = server_scene
    await scene.enqueue(Act("FIRST"))
    await scene.restart("immediate")
    await scene.sees(lambda jobs: jobs == 1, _JOBS)
    await scene.produce(scene.pool, Act("SECOND"))
    await scene.restart("immediate")
    await scene.sees(lambda jobs: jobs == 2, _JOBS)
    worker = scene.crew.start(pool_size=1)
    await scene.done()
    worker.signal(signal.SIGKILL)
    await scene.restart("immediate")
    await scene.sees(lambda jobs: jobs is not None, _JOBS)

    await scene.check()


_JOBS = "select count(*) from arrower.jobs"


async def test_a_worker_that_starts_before_the_server_waits_and_says_so(server_scene: ServerScene) -> None:
    """With a growing pause, not in a busy loop; when the server comes, it works."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await asyncio.to_thread(scene.server.stop)
    worker = scene.crew.start()
    try:
        await worker.says("WARNING arrower.worker: claiming jobs failed, next try in 0.4 s")
    finally:
        await asyncio.to_thread(scene.server.start)

    pauses = re.findall(r"claiming jobs failed, next try in ([\d.]+) s", worker.log)
    assert pauses[:3] == ["0.1", "0.2", "0.4"]
    await worker.says("claiming jobs works again")
    await scene.done()
    await scene.check()


async def test_all_sessions_ended_at_once_again_and_again(server_scene: ServerScene) -> None:
    """As a failover or an administrator does."""
    scene = server_scene
    scene.crew.start()
    scene.crew.start()
    async with under_load(scene) as load:
        for _ in range(6):
            await load.commits(15)
            assert await scene.end_sessions() > 0

    await scene.done()

    await scene.check()


async def test_sessions_ended_one_by_one(server_scene: ServerScene) -> None:
    """In random order, whatever they are used for."""
    scene, randomness = server_scene, random.Random(4)
    scene.crew.start()
    scene.crew.start()
    async with under_load(scene) as load:
        for _ in range(25):
            await load.commits(3)
            pids = await scene.pool.fetch(
                "select pid from pg_stat_activity where datname = current_database()"
                " and backend_type = 'client backend' and application_name <> 'the test' order by pid",
            )
            await scene.end_sessions(f"pid = {randomness.choice(pids)['pid']}")

    await scene.done()

    await scene.check()


async def test_the_loss_of_the_listening_connection_alone_costs_no_attempt(server_scene: ServerScene) -> None:
    """The process is alive, and comes back before anybody takes it for dead."""
    scene = server_scene
    worker = scene.crew.start(lease=30.0)
    scene.crew.start(lease=30.0)
    await scene.enqueue(*[Act(f"HELD-{n}", trouble="hold", seconds=2.5) for n in range(4)])
    await scene.writes("HELD-3")

    for time in (1, 2):
        await scene.sees(lambda present: present == 2, PRESENT)
        ended = await scene.end_sessions("pid in (select session_pid from arrower.workers)")
        assert ended == 2
        await worker.says("the connection for listening and claiming is back", times=time)
    await scene.done()

    await scene.check()
    assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 0


_FULL = """
create function full_disk() returns trigger language plpgsql as $$
begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
create trigger full_disk before insert or update on arrower.jobs execute function full_disk();
create trigger full_disk before insert or update on arrower.finished_jobs execute function full_disk()"""
_ROOM = """
drop trigger full_disk on arrower.jobs; drop trigger full_disk on arrower.finished_jobs; drop function full_disk()"""


async def test_a_full_disk_is_waited_for(server_scene: ServerScene) -> None:
    """Nothing can be claimed or completed; the worker says why with growing pauses, and goes on once there is room."""
    scene = server_scene
    worker = scene.crew.start(max_attempts=1_000)
    await scene.enqueue(*[Act(f"HELD-{n}", trouble="hold", seconds=1) for n in range(3)], Act("IDLE", writes=False))
    await scene.writes("HELD-2")
    async with PostgresUnitOfWork(scene.pool) as connection:  # or they might be done before
        await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(20)])
        await connection.execute(_FULL)
    await worker.says("No space left on device")
    await worker.says("failed, next try in 0.8 s")
    await scene.pool.execute(_ROOM)
    await scene.done()

    await scene.check(max_attempts=1_000)


@pytest.mark.parametrize(
    ("tables", "seconds"),
    [
        ("arrower.jobs, arrower.workers", 1.5),
        pytest.param("arrower.jobs", 10, marks=pytest.mark.faults),
        pytest.param("arrower.finished_jobs", 10, marks=pytest.mark.faults),
    ],
)
async def test_tables_locked_for_longer_than_the_lease_are_waited_for(
    server_scene: ServerScene, tables: str, seconds: float
) -> None:
    """Nobody can beat, claim or complete meanwhile, and nobody is the worse for it."""
    scene = server_scene
    for _ in range(2):
        scene.crew.start(lease=1.0)
    async with under_load(scene) as load:
        await load.commits(20)
        async with scene.pool.acquire() as connection, connection.transaction():
            await connection.execute(f"lock table {tables} in access exclusive mode")
            await connection.execute("select pg_sleep($1)", seconds)
        await load.commits(20)

    await scene.done()

    await scene.check(max_attempts=4)


async def test_tables_that_are_dropped_and_made_anew_are_used_again(server_scene: ServerScene) -> None:
    """The worker says what is missing, and registers anew once the tables are there."""
    scene = server_scene
    worker = scene.crew.start()
    await scene.sees(lambda workers: workers == 1, "select count(*) from arrower.workers")

    async def dropped() -> bool:
        try:
            await scene.pool.execute("drop schema arrower cascade")
        except asyncpg.DeadlockDetectedError:  # with a statement of the worker: one of them had to give way
            return False
        return True

    await eventually(dropped)
    await worker.says("call migrate()")
    await migrate(scene.pool)
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await scene.done()

    await scene.check()


@pytest.mark.faults
@pytest.mark.timeout(150)
async def test_one_minute_of_everything(server_scene: ServerScene) -> None:
    """Restarts, ended sessions, killed and frozen workers, in random order, under load."""
    scene, randomness = server_scene, random.Random(2026)
    crew = scene.crew
    for _ in range(3):
        crew.start()
    frozen: set[int] = set()
    async with under_load(scene) as load:
        for _ in range(20):
            await load.commits(randomness.randrange(20, 80))
            await _strike(scene, randomness, frozen)
            if sum(not worker.has_ended for worker in crew.workers) < 3:
                crew.start()

    crew.start()
    await scene.done(60)

    await scene.check(frozen=frozenset(frozen), max_attempts=4)


async def _strike(scene: ServerScene, randomness: random.Random, frozen: set[int]) -> None:
    alive = [worker for worker in scene.crew.workers if not worker.has_ended]
    match randomness.choice(["restart", "sessions", "kill", "kill", "freeze"]):
        case "restart":
            await scene.restart(randomness.choice(["fast", "immediate"]))
        case "sessions":
            await scene.end_sessions()
        case "kill":
            randomness.choice(alive).signal(signal.SIGKILL)
        case _:
            sleeper = randomness.choice(alive)
            frozen.add(sleeper.pid)
            alive_rows = f"select count(*) from arrower.workers where pid = {sleeper.pid} and died_at is null"
            await scene.sees(lambda rows: rows > 0, alive_rows)
            sleeper.signal(signal.SIGSTOP)
            await scene.sees(lambda rows: rows == 0, alive_rows)
            sleeper.signal(signal.SIGCONT)
