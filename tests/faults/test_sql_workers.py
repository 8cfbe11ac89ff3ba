"""Who is taken for alive: only locks and rows of the worker itself say so."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres.control import lock_number
from adapters.postgres.schema import Schema
from application.jobs.job_store import WorkerId
from tests.worlds import HandWorker, PostgresWorld, open_postgres_world
from tests.worlds.deadline import eventually
from tests.worlds.hand_worker import LEASE

TYPES = {"fraud.check": 3}
A_SECOND = timedelta(seconds=1)
KEY = Schema().key
_LOCKED_AT_COMMIT = """
create function is_locked() returns trigger language plpgsql as $$
begin
    if not exists (select from pg_locks where locktype = 'advisory' and pid = new.session_pid
                   and objid = (new.id & 2147483647)::oid) then
        raise exception 'nobody holds the lock of worker %', new.id;
    end if;
    return null;
end $$;
create constraint trigger is_locked after insert on arrower.workers deferrable initially deferred
for each row execute function is_locked()"""


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


def control_of(worker: HandWorker) -> Any:
    """Return the connection of a worker beside its pool."""
    store: Any = worker.store
    return store._control


async def without_its_lock(world: PostgresWorld) -> HandWorker:
    """Return a worker whose session holds no lock any more."""
    worker = await world.worker(TYPES)
    await control_of(worker).run(lambda connection: connection.execute("select pg_advisory_unlock_all()"))
    return worker


async def is_judged_dead(world: PostgresWorld, worker: HandWorker) -> bool:
    """Let another worker, which has seen it without a lock for long enough, decide."""
    other = await world.worker(TYPES)
    store: Any = other.store
    await store._control.run(lambda connection: store._rescue._rescue(worker.id, connection))
    return bool(await world.pool.fetchval("select died_at is not null from arrower.workers where id = $1", worker.id))


async def test_a_worker_without_its_lock_is_gone(world: PostgresWorld) -> None:
    """Its session is."""
    assert await is_judged_dead(world, await without_its_lock(world))


async def test_nobody_sees_a_worker_before_its_session_holds_the_lock(world: PostgresWorld) -> None:
    """So a process that dies while it registers is missed as any other, and one that is slow is not."""
    await world.pool.execute(_LOCKED_AT_COMMIT)

    worker = await world.worker(TYPES)

    pid = await world.pool.fetchval("select session_pid from arrower.workers where id = $1", worker.id)
    assert pid == await control_of(worker).session_pid()


async def test_a_worker_takes_its_lock_as_soon_as_whoever_had_it_is_gone(world: PostgresWorld) -> None:
    """Of two to the power of 31 numbers two can be the same; and a cut session keeps its locks for a while."""
    before = await world.worker(TYPES)
    stranger = await asyncpg.connect(world.dsn)
    assert await stranger.fetchval("select pg_try_advisory_lock($1, $2)", KEY, lock_number(WorkerId(before.id + 1)))
    worker = await world.worker(TYPES)
    assert worker.id == before.id + 1
    await stranger.execute("select pg_advisory_unlock_all()")  # its end would take a moment
    await stranger.close()
    await worker.store.heartbeat(worker.id)

    assert not await is_judged_dead(world, worker)


async def test_a_worker_that_was_cut_off_holds_its_lock_again_once_it_is_back(world: PostgresWorld) -> None:
    """Its jobs are not taken away for that, however long they are."""
    worker = await world.worker(TYPES)
    pid = await control_of(worker).session_pid()
    assert await world.pool.fetchval("select pg_terminate_backend($1, 10_000)", pid)

    async def is_back() -> bool:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return bool(await worker.store.heartbeat(worker.id))
        return False

    await eventually(is_back)
    assert await control_of(worker).session_pid() != pid

    assert not await is_judged_dead(world, worker)


async def test_a_worker_that_has_lost_its_lock_has_time_to_come_back(
    world: PostgresWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection was cut, and nothing else; only after a while it is gone."""
    worker = await without_its_lock(world)
    other = await world.worker(TYPES)
    died = "select died_at is not null from arrower.workers where id = $1"
    monkeypatch.setattr("adapters.postgres.rescue._TIME_TO_RECONNECT", 3_600.0)
    await other.store.maintain()
    await other.store.maintain()
    at_once = await world.pool.fetchval(died, worker.id)
    monkeypatch.setattr("adapters.postgres.rescue._TIME_TO_RECONNECT", 0.0)
    await other.store.maintain()

    assert not at_once
    assert await world.pool.fetchval(died, worker.id)


async def test_a_worker_with_its_lock_is_there(world: PostgresWorld) -> None:
    """Though it looked otherwise when the sweep began."""
    assert not await is_judged_dead(world, await world.worker(TYPES))


async def test_a_worker_behind_a_pooler_needs_no_lock(world: PostgresWorld) -> None:
    """It says so by naming no session."""
    worker = await without_its_lock(world)
    await world.pool.execute("update arrower.workers set session_pid = null where id = $1", worker.id)

    assert not await is_judged_dead(world, worker)


@pytest.mark.parametrize("whose", ["of another database", "of another schema", "of another worker", "of another kind"])
async def test_locks_of_others_do_not_show_that_a_worker_lives(world: PostgresWorld, whose: str) -> None:
    """Neither the same numbers elsewhere on the server, nor half of the numbers here."""
    worker = await without_its_lock(world)
    key, number, dsn = KEY, lock_number(worker.id), world.dsn
    statement = "select pg_try_advisory_lock($1, $2)"
    match whose:
        case "of another database":
            dsn = urlunsplit(urlsplit(world.dsn)._replace(path="/postgres"))
        case "of another schema":
            key += 1
        case "of another worker":
            number += 1_000
        case _:  # one number of 64 bits is another lock than two of 32
            statement = "select pg_try_advisory_lock(($1::bigint << 32) | $2::bigint)"
    stranger = await asyncpg.connect(dsn)
    try:
        assert await stranger.fetchval(statement, key, number)

        assert await is_judged_dead(world, worker)
    finally:
        await stranger.close()


async def test_a_worker_that_comes_learns_or_leaves_says_so_of_itself_only(world: PostgresWorld) -> None:
    """The row of another stays as it is."""
    first = await world.worker(TYPES)
    before = await row_of(world, first)

    second = await world.worker({"fraud.check": 3, "receipt.send": 3})
    await second.store.announce(second.id, second.registration)
    await second.store.deregister(second.id)

    assert await row_of(world, first) == before


async def row_of(world: PostgresWorld, worker: HandWorker) -> str:
    """Return all that a worker says of itself."""
    return str(await world.pool.fetchval("select row_to_json(w) from arrower.workers as w where id = $1", worker.id))


async def test_a_sweep_has_nothing_to_do_for_those_that_left_or_were_rescued(world: PostgresWorld) -> None:
    """One question, however many there were since the history was pruned."""
    for _ in range(3):
        worker = await world.worker(TYPES)
        await worker.store.deregister(worker.id)
        await world.worker(TYPES)
    world.clock.advance(LEASE + A_SECOND)
    await world.maintain()
    other = await world.worker(TYPES)
    rescue: Any = other.store
    asked: list[str] = []

    async def listen(connection: Any) -> None:
        connection.add_query_logger(lambda query: asked.append(query.query))

    await control_of(other).run(listen)
    await rescue._rescue.sweep(control_of(other))
    await control_of(other).run(lambda connection: connection.execute("select 'the last'"))

    assert len(asked) <= 2
