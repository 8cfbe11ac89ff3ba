"""Acts on many jobs that do not come to their end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence

import pytest

from domain.jobs import JobState
from tests.architecture.layers import ROOT
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud

# The 501st job is in the second batch.
_WHEN_THE_SECOND_BATCH_COMES = """
create function stand_in_the_way() returns trigger language plpgsql as $$
begin
    if old.payload->>'order' = 'A-500' then {deed}; end if;
    return old;
end $$;
create trigger in_the_way before delete on arrower.jobs for each row execute function stand_in_the_way()"""
_WAIT = "perform pg_advisory_xact_lock(1)"
_FAIL = "raise 'nobody deletes A-500'"


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a world with more jobs than a batch holds."""
    async with open_postgres_world(database_dsn) as world:
        await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(600)])
        yield world


async def arrower(world: PostgresWorld, arguments: Sequence[str]) -> asyncio.subprocess.Process:
    """Start the command."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infrastructure.command_line", *arguments),
        cwd=ROOT,
        env=os.environ | {"ARROWER_DSN": world.dsn},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def waits_for_a_lock(world: PostgresWorld, kind: str) -> None:
    """Return as soon as somebody does."""

    async def is_so() -> bool:
        waiting = "select exists (select from pg_locks where not granted and locktype = $1)"
        return bool(await world.pool.fetchval(waiting, kind))

    await eventually(is_so)


async def interrupted_where_it_waits(world: PostgresWorld, kind: str) -> tuple[int | None, bytes, bytes]:
    """Press Ctrl-C while the command waits for such a lock. Return how it ended, and what it said and complained of."""
    process = await arrower(world, ["delete", "--state", "ready", "--yes"])
    await waits_for_a_lock(world, kind)
    process.send_signal(signal.SIGINT)
    said, complained = await within(process.communicate())
    return process.returncode, said, complained


async def test_interrupted_it_says_how_many_are_done(world: PostgresWorld) -> None:
    """What is done stays done, and the batch that was under way is not."""
    await world.pool.execute(_WHEN_THE_SECOND_BATCH_COMES.format(deed=_WAIT))
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(1)")
        ended = await interrupted_where_it_waits(world, "advisory")

    assert ended == (130, b"", b"deleted 500 jobs until it was interrupted\n")
    assert await world.counts() == {JobState.READY: 100}


async def test_interrupted_while_it_counts_it_has_done_nothing(world: PostgresWorld) -> None:
    """And says so."""
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table arrower.jobs")
        ended = await interrupted_where_it_waits(world, "relation")

    assert ended == (130, b"", b"nothing was done: it was interrupted before\n")
    assert await world.counts() == {JobState.READY: 600}


async def test_failing_it_says_how_many_are_done(world: PostgresWorld) -> None:
    """Before it says what went wrong."""
    await world.pool.execute(_WHEN_THE_SECOND_BATCH_COMES.format(deed=_FAIL))

    process = await arrower(world, ["delete", "--state", "ready", "--yes"])
    _, complained = await within(process.communicate())

    assert process.returncode == 1
    assert complained.decode().splitlines() == [
        "deleted 500 jobs until it failed",
        "arrower: the database refused: nobody deletes A-500",
    ]
    assert await world.counts() == {JobState.READY: 100}
