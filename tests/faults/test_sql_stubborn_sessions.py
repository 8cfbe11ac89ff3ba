"""Rescues where the sessions of the dead worker do not go: another role's, and one that does not listen."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from application.jobs.job_store import Registration
from domain.jobs import JobState
from tests.postgres_server import Databases
from tests.worlds import HandWorker, PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.hand_worker import LEASE
from tests.worlds.jobs import CheckFraud
from tests.worlds.postgres_world import PostgresSeat

TYPES = {"fraud.check": 3}
RESCUED = "select rescued_at is not null from arrower.workers where id = $1"
ENDLESS = timedelta(days=1)


@pytest.fixture
async def world(own_databases: Databases) -> AsyncIterator[PostgresWorld]:
    """Yield a world on a server whose processes can be stopped."""
    dsn = own_databases.create()
    async with open_postgres_world(dsn) as world:
        yield world
    own_databases.drop(dsn)


@asynccontextmanager
async def held_by_the_dead(world: PostgresWorld) -> AsyncIterator[tuple[HandWorker, asyncpg.Connection]]:
    """Yield a dead worker that owns two jobs, and a session that holds the first of them."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    await worker.claim()
    session = await asyncpg.connect(world.dsn)
    try:
        await session.execute("begin")
        await session.execute("select from arrower.jobs order by id limit 1 for update")
        world.clock.advance(LEASE + timedelta(seconds=1))
        yield worker, session
    finally:
        session.terminate()


@asynccontextmanager
async def a_rescuer_of_another_role(world: PostgresWorld) -> AsyncIterator[HandWorker]:
    """Yield a worker with every right to the tables, and none to the sessions of others."""
    role = f"clerk_{urlsplit(world.dsn).path.removeprefix('/')}"
    await world.pool.execute(
        f'create role "{role}"; grant usage on schema arrower to "{role}";'
        f'grant all on all tables in schema arrower to "{role}";'
        f'grant all on all sequences in schema arrower to "{role}"',
    )
    pool = await asyncpg.create_pool(world.dsn, min_size=0, server_settings={"role": role})
    store = PostgresStore(pool, "", Schema(), world.clock, ENDLESS)
    rescuer = HandWorker(PostgresSeat(pool, store), Registration("clerk", 1, "", ENDLESS, {}))
    try:
        await rescuer.register()
        yield rescuer
    finally:
        await rescuer.leave()
        await pool.close()
        await world.pool.execute(f'drop owned by "{role}"; drop role "{role}"')


async def test_the_sessions_of_another_role_are_left_and_told_of(
    world: PostgresWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """What they hold is not freed, all the rest is; it goes on as soon as somebody may end them, or they end."""
    async with held_by_the_dead(world) as (dead, session), a_rescuer_of_another_role(world) as rescuer:
        with caplog.at_level(logging.WARNING, "arrower.rescue"):
            for _ in range(3):
                await within(rescuer.store.maintain())

        told = [record.getMessage() for record in caplog.records]
        assert [text for text in told if "belong to another role" in text] == [told[0]]
        assert "1 of its jobs are free again, 0 are dead" in told[1]
        assert await world.counts() == {JobState.RUNNING: 1, JobState.READY: 1}
        assert await session.fetchval("select 'still here'") == "still here"
        assert not await world.pool.fetchval(RESCUED, dead.id)

        await world.maintain()

    assert await world.counts() == {JobState.READY: 2}
    assert await world.pool.fetchval(RESCUED, dead.id)


async def test_a_session_that_does_not_end_is_given_up_for_now(world: PostgresWorld) -> None:
    """The rescue waits for two seconds, frees what it can, and leaves the rest to a later one."""
    async with held_by_the_dead(world) as (dead, session):
        os.kill(session.get_server_pid(), signal.SIGSTOP)
        try:
            for _ in range(3):  # a second and a third try at once would take their two seconds each
                await within(world.maintain())
            counts, rescued = await world.counts(), await world.pool.fetchval(RESCUED, dead.id)
        finally:
            os.kill(session.get_server_pid(), signal.SIGCONT)
        await world.eventually(lambda: _is_gone(world, session))

        assert (counts, rescued) == ({JobState.RUNNING: 1, JobState.READY: 1}, False)
        await (await world.worker({}, lease=ENDLESS)).store.maintain()

    assert await world.counts() == {JobState.READY: 2}
    assert await world.pool.fetchval(RESCUED, dead.id)


async def test_a_session_that_takes_its_time_to_end_is_waited_for(world: PostgresWorld) -> None:
    """Its jobs are free with all others."""
    async with held_by_the_dead(world) as (dead, session):
        os.kill(session.get_server_pid(), signal.SIGSTOP)
        try:
            rescue = asyncio.create_task(world.maintain())
            await world.eventually(lambda: _is_waited_for(world))
        finally:
            os.kill(session.get_server_pid(), signal.SIGCONT)
        await within(rescue)

    assert await world.counts() == {JobState.READY: 2}
    assert await world.pool.fetchval(RESCUED, dead.id)


async def test_a_reconnect_waits_for_its_predecessor_to_end(world: PostgresWorld) -> None:
    """Who asks what a lost session did must not be told before it has done it."""
    worker = await world.worker(TYPES)
    control: Any = worker.store
    control = control._control
    predecessor = control._connection.get_server_pid()
    os.kill(predecessor, signal.SIGSTOP)
    try:
        control._connection.terminate()
        reconnect = asyncio.create_task(control.session_pid())
        await world.eventually(lambda: _is_waited_for(world))
    finally:
        os.kill(predecessor, signal.SIGCONT)

    assert await within(reconnect) not in (None, predecessor)


async def _is_gone(world: PostgresWorld, session: asyncpg.Connection) -> bool:
    alive = "select exists (select from pg_stat_activity where pid = $1)"
    return not await world.pool.fetchval(alive, session.get_server_pid())


async def _is_waited_for(world: PostgresWorld) -> bool:
    waits = "select exists (select from pg_stat_activity where wait_event = 'BackendTermination')"
    return bool(await world.pool.fetchval(waits))
