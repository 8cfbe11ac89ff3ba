"""Databases with settings that get in the way: clear errors, growing pauses, recovery, and nothing doubled."""

from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import PostgresQueue
from domain.jobs import EnqueueFailed
from tests.faults.act import Act
from tests.faults.scene import ServerScene

_IN_A_MOMENT = timedelta(seconds=2)


async def test_a_statement_timeout_fails_the_attempt_that_runs_into_it(server_scene: ServerScene) -> None:
    """A slow statement of a job func is a failed attempt, and is tried again; the others are not held up."""
    scene = server_scene
    await scene.configure("set statement_timeout = '300ms'")
    await scene.enqueue(
        Act("SLOW", trouble="slow statement", seconds=30, until=1), *[Act(f"LAMP-{n}") for n in range(10)]
    )
    worker = scene.crew.start()
    await scene.done()

    await scene.check()
    assert "canceling statement due to statement timeout" in worker.log
    assert [event.attempt for event in scene.history.began if event.name == "SLOW"] == [1, 2]


async def test_a_lock_timeout_fails_the_attempt_that_runs_into_it(server_scene: ServerScene) -> None:
    """It is tried again, and completes once the lock is gone."""
    scene = server_scene
    await scene.configure("set lock_timeout = '100ms'")
    async with scene.pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table effects in share mode")
        await scene.enqueue(Act("LAMP"))
        worker = scene.crew.start(max_attempts=1_000)
        await worker.says("canceling statement due to lock timeout")
    await scene.done()

    await scene.check(max_attempts=1_000)


@pytest.mark.faults
async def test_an_idle_transaction_timeout_fails_the_attempt_that_runs_into_it(server_scene: ServerScene) -> None:
    """The server ends the session of a job func that thinks with its transaction open; nothing of it is written."""
    scene = server_scene
    await scene.configure("set idle_in_transaction_session_timeout = '200ms'")
    await scene.enqueue(Act("THINKER", trouble="hold", seconds=1, until=1), *[Act(f"LAMP-{n}") for n in range(10)])
    scene.crew.start()
    await scene.done()

    await scene.check()
    assert [event.attempt for event in scene.history.began if event.name == "THINKER"] == [1, 2]


async def test_serializable_by_default_doubles_nothing(server_scene: ServerScene) -> None:
    """Whatever fails to serialize is tried again."""
    scene = server_scene
    await scene.configure("set default_transaction_isolation = 'serializable'")
    await scene.enqueue(
        *[Act(f"LAMP-{n}", writes=n % 3 > 0, follow_up=f"LAMP-{n}/next" if n % 3 == 1 else None) for n in range(120)],
    )
    for _ in range(2):
        scene.crew.start(max_attempts=1_000, lease=10.0)
    await scene.done()

    await scene.check(max_attempts=1_000)


async def test_a_read_only_database_is_waited_for(server_scene: ServerScene) -> None:
    """The worker says what is wrong with growing pauses, enqueue fails clearly, and all is well afterwards."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await scene.configure("set default_transaction_read_only = on")
    worker = scene.crew.start()
    await worker.says("failed, next try in 0.8 s")
    async with asyncpg.create_pool(scene.dsn, min_size=0, max_size=1) as fresh:
        with pytest.raises(EnqueueFailed, match="in a read-only transaction"):
            await PostgresQueue(fresh).enqueue(Act("REFUSED"))

    await scene.configure("reset default_transaction_read_only")
    await scene.end_sessions()
    await scene.done()

    assert "in a read-only transaction" in worker.log
    await worker.says("works again")
    await scene.check()


async def test_a_statement_timeout_that_nothing_passes_is_waited_for(server_scene: ServerScene) -> None:
    """Registering takes longer than is allowed; there is no busy loop, and it works once it is allowed."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    await scene.pool.execute(_SLOW)
    await scene.configure("set statement_timeout = '100ms'")
    worker = scene.crew.start()
    await worker.says("claiming jobs failed, next try in 0.8 s")

    await scene.pool.execute("drop trigger slow on arrower.workers")
    await scene.done()

    assert "canceling statement due to statement timeout" in worker.log
    await scene.check()


_SLOW = """
create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$;
create trigger slow before insert on arrower.workers for each row execute function slow()"""


async def test_no_connection_to_be_had_is_waited_for(server_scene: ServerScene) -> None:
    """The limit is used up by others; the worker says so with growing pauses, and works once it can connect."""
    scene = server_scene
    database = scene.dsn.partition("?")[0].rpartition("/")[2]
    role = f"app_{database}"
    await scene.pool.execute(
        f'create role "{role}" login superuser; alter role "{role}" nosuperuser;'
        f'grant all on schema arrower, public to "{role}";'
        f'grant all on all tables in schema arrower, public to "{role}";'
        f'alter role "{role}" connection limit 2',
    )
    dsn = scene.dsn.replace("postgres@", f"{role}@", 1)
    taken = [await asyncpg.connect(dsn) for _ in range(2)]
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    worker = scene.crew.start(dsn=dsn, connections=5)
    await worker.says("failed, next try in 0.8 s")

    assert "too many connections" in worker.log
    for connection in taken:
        await connection.close()
    await scene.done()
    await scene.check(max_attempts=1_000)
    scene.crew.end()
    await scene.pool.execute(f'drop owned by "{role}"; drop role "{role}"')


@pytest.mark.parametrize("trouble", ["serialization", "deadlock"])
async def test_conflicts_in_the_transaction_of_a_job_func_are_failed_attempts(
    server_scene: ServerScene, trouble: str
) -> None:
    """Tried again like any other failure; what the attempt had written is gone."""
    scene = server_scene
    await scene.enqueue(*[Act(f"UNLUCKY-{n}", trouble=trouble, until=2) for n in range(4)], Act("LAMP"))
    scene.crew.start()
    await scene.done()

    await scene.check()
    assert await scene.pool.fetchval("select count(*) from arrower.attempts where outcome = 'failed'") == 8


async def test_a_real_deadlock_between_job_funcs_ends_in_both_completed(server_scene: ServerScene) -> None:
    """The server picks a victim, which is tried again."""
    scene = server_scene
    await scene.pool.execute("create table shelves (name text primary key); insert into shelves values ('L'), ('R')")
    await scene.configure("set deadlock_timeout = '50ms'")
    await scene.enqueue(Act("L R", trouble="lock", seconds=0.5), Act("R L", trouble="lock", seconds=0.5))
    worker = scene.crew.start()
    await scene.done()

    await scene.check()
    assert "deadlock detected" in worker.log


@pytest.mark.parametrize("clock_off", [3_600.0, pytest.param(-3_600.0, marks=pytest.mark.faults)])
async def test_a_host_whose_clock_is_wrong_starts_nothing_early_and_rescues_nobody(
    server_scene: ServerScene, clock_off: float
) -> None:
    """The database's time counts."""
    scene = server_scene
    right = scene.crew.start()
    now = await scene.pool.fetchval("select now()")
    await scene.enqueue(*[Act(f"LATER-{n}") for n in range(10)], run_at=now + _IN_A_MOMENT)
    scene.crew.start(clock_off=clock_off)
    await scene.enqueue(*[Act(f"LONG-{n}", seconds=2.5) for n in range(4)])
    await scene.done()

    await scene.check()
    assert await scene.pool.fetchval("select count(*) from arrower.workers where died_at is not null") == 0
    assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 0
    assert (
        await scene.pool.fetchval("select max(abs(extract(epoch from finished_at - now()))) from arrower.finished_jobs")
        < 60
    )
    assert not right.has_ended


async def test_a_pool_with_one_connection_is_slow_and_never_deadlocked(server_scene: ServerScene) -> None:
    """More jobs at a time than connections, and each enqueues, too."""
    scene = server_scene
    await scene.enqueue(
        *[Act(f"LAMP-{n}", writes=n % 3 > 0, follow_up=f"LAMP-{n}/next" if n % 3 == 1 else None) for n in range(60)],
    )
    scene.crew.start(connections=1, pool_size=10)
    await scene.done()

    await scene.check()
