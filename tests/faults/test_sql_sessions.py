"""Whose sessions a rescue ends: those of frozen attempts of the dead worker, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres.driver import Connection
from tests.worlds import HandWorker, PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.hand_worker import LEASE
from tests.worlds.jobs import CheckFraud

TYPES = {"fraud.check": 3}
A_SECOND = timedelta(seconds=1)
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


@asynccontextmanager
async def holding(world: PostgresWorld, statement: str, *arguments: object) -> AsyncIterator[Connection]:
    """Hold what a statement locks, in an open transaction, for as long as the block or the session lasts."""
    connection = await asyncpg.connect(world.dsn)
    try:
        await connection.execute("begin")
        await connection.execute(statement, *arguments)
        yield connection
    finally:
        connection.terminate()


HOLD_JOB = "select from arrower.jobs where id = $1 for update"


async def a_job_of(world: PostgresWorld, worker: HandWorker) -> int:
    """Let the worker claim a job."""
    await world.queue().enqueue(CheckFraud("A-1001"))
    return (await worker.claim_one()).id


async def rescue(world: PostgresWorld) -> None:
    """Let the worker that is frozen be silent for too long."""
    world.clock.advance(LEASE + A_SECOND)
    await within(world.maintain())


async def is_open(connection: Connection) -> bool:
    """Tell whether its session still is."""
    try:
        return bool(await connection.fetchval("select true"))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False


async def test_the_holder_of_a_job_of_the_dead_is_ended_and_the_holder_of_another_is_not(world: PostgresWorld) -> None:
    """A job func of a living worker goes on."""
    frozen, living = await world.worker(TYPES), await world.worker(TYPES, lease=timedelta(days=1))
    job, another = await a_job_of(world, frozen), await a_job_of(world, living)
    async with holding(world, HOLD_JOB, job) as dead_end, holding(world, HOLD_JOB, another) as at_work:
        await rescue(world)

        assert not await is_open(dead_end)
        assert await is_open(at_work)


async def test_who_waits_for_a_job_of_the_dead_keeps_the_session(world: PostgresWorld) -> None:
    """Somebody who wants to act on it, and has to wait until the frozen attempt is gone."""
    frozen = await world.worker(TYPES)
    job = await a_job_of(world, frozen)
    async with holding(world, HOLD_JOB, job), holding(world, "select 1") as patient:
        waiting = asyncio.create_task(patient.fetchval("select id from arrower.jobs where id = $1 for update", job))
        await world.eventually(lambda: _somebody_waits(world))
        await rescue(world)

        assert await within(waiting) == job


async def _somebody_waits(world: PostgresWorld) -> bool:
    waiting: int = await world.pool.fetchval(WAITING)
    return waiting > 0


async def test_who_writes_something_else_keeps_the_session(world: PostgresWorld) -> None:
    """The application has transactions of its own."""
    frozen = await world.worker(TYPES)
    await a_job_of(world, frozen)
    async with holding(world, "insert into effects (note) values ('elsewhere')") as writer:
        await rescue(world)

        assert await is_open(writer)


async def test_the_session_that_claimed_for_the_dead_is_ended_and_those_of_others_are_not(world: PostgresWorld) -> None:
    """What it may still send must not arrive."""
    frozen, living = await world.worker(TYPES), await world.worker(TYPES, lease=timedelta(days=1))
    async with holding(world, "select 1") as of_frozen, holding(world, "select 1") as of_living:
        for worker, session in ((frozen, of_frozen), (living, of_living)):
            await session.execute(
                "update arrower.workers set session_pid = pg_backend_pid(), heartbeat_at = now() + interval '1 day'"
                " where id = $1",
                worker.id,
            )
            await session.execute("commit")
        await world.pool.execute("update arrower.workers set died_at = now() where id = $1", frozen.id)
        await within(world.maintain())

        assert not await is_open(of_frozen)
        assert await is_open(of_living)


async def test_a_session_that_only_has_the_number_of_a_dead_one_is_left_alone(world: PostgresWorld) -> None:
    """The numbers of processes come again: this one began after the last heartbeat, and others before."""
    worker = await world.worker(TYPES)
    last_heartbeat = "update arrower.workers set died_at = now(), heartbeat_at = clock_timestamp() where id = $1"
    its_number = "update arrower.workers set session_pid = pg_backend_pid() where id = $1"
    await world.pool.execute(last_heartbeat, worker.id)
    async with holding(world, its_number, worker.id) as session:
        await session.execute("commit")
        await within(world.maintain())

        assert await is_open(session)
        assert await session.fetchval("select rescued_at is not null from arrower.workers where id = $1", worker.id)


async def test_a_rescuer_does_not_end_its_own_session(world: PostgresWorld) -> None:
    """One of the pools that share it was taken for dead."""
    worker, rescuer = await world.worker(TYPES), await world.worker(TYPES)
    control = rescuer.store._control  # type: ignore[attr-defined]
    own = await control.session_pid()
    await world.pool.execute(
        "update arrower.workers set session_pid = $2, heartbeat_at = now() + interval '1 day', died_at = now()"
        " where id = $1",
        worker.id,
        own,
    )

    await rescuer.store.maintain()

    assert await control.session_pid() == own
    assert await world.pool.fetchval("select rescued_at is not null from arrower.workers where id = $1", worker.id)


async def test_a_reconnect_ends_its_predecessor_and_no_session_that_has_its_number(world: PostgresWorld) -> None:
    """The numbers of processes come again."""
    worker = await world.worker(TYPES)
    control: Any = worker.store
    control = control._control
    async with holding(world, "select 1") as stranger:
        began = await stranger.fetchval("select backend_start from pg_stat_activity where pid = pg_backend_pid()")
        for session_began, survives in ((began - A_SECOND, True), (began, False)):
            control._session = (stranger.get_server_pid(), session_began)
            await control._connection.close()
            assert await control.session_pid() is not None

            assert await is_open(stranger) is survives
