"""Acting by hand on a job that somebody holds."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from domain.jobs import JobId, JobState, WrongJobState
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.jobs import CheckFraud


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def delete(world: PostgresWorld, job_id: JobId) -> None:
    """Remove it."""
    await world.operations.delete(job_id)


async def change(world: PostgresWorld, job_id: JobId) -> None:
    """Move it."""
    await world.operations.change(job_id, priority=7)


@pytest.mark.parametrize("act", [delete, change])
async def test_nobody_waits_for_a_job_that_is_being_claimed(
    world: PostgresWorld, act: Callable[[PostgresWorld, JobId], Awaitable[None]]
) -> None:
    """It is refused, as a moment later, when the job runs."""
    job_id = await world.queue().enqueue(CheckFraud("A-1001"))
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs where id = $1 for update", job_id)
        with pytest.raises(WrongJobState):
            await within(act(world, job_id))

    assert await world.counts() == {JobState.READY: 1}
    assert (await world.job(job_id)).priority == 0
