"""Acting by hand on a job that somebody holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from application.jobs.looking import JobFilter
from domain.jobs import JobId, JobNotFound, JobState, WrongJobState
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


async def cancel(world: PostgresWorld, job_id: JobId) -> None:
    """Call it off."""
    await world.operations.cancel(job_id)


@pytest.mark.parametrize("act", [delete, change, cancel])
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


@pytest.mark.parametrize("state", [JobState.READY, JobState.DEAD])
async def test_acting_on_many_passes_over_what_somebody_else_holds(world: PostgresWorld, state: JobState) -> None:
    """It waits for nobody, and tells the number of those it touched."""
    worker = await world.worker({"fraud.check": 25})
    held, other = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    if state is JobState.DEAD:
        for job in await worker.claim():
            assert await worker.bury(job)
    table = "jobs" if state is JobState.READY else "finished_jobs"
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"select from arrower.{table} where id = $1 for update", held)
        assert await within(world.room.delete_many(JobFilter(state=state))) == 1

    assert await world.state_of(held) is state
    with pytest.raises(JobNotFound):
        await world.job(other)


async def test_what_was_called_off_and_is_held_is_cancelled_later(world: PostgresWorld) -> None:
    """Whoever looks after it does not wait."""
    worker = await world.worker({"fraud.check": 25})
    held, other = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    jobs = await worker.claim()
    for job in jobs:
        await world.operations.cancel(job.id)
        assert await worker.retry(job)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs where id = $1 for update", held)
        await within(world.maintain())
        assert await world.state_of(other) is JobState.CANCELLED

    await world.maintain()
    assert await world.state_of(held) is JobState.CANCELLED


async def test_a_wish_to_call_a_job_off_is_forgotten_once_it_is_done(world: PostgresWorld) -> None:
    """And no sooner."""
    worker = await world.worker({"fraud.check": 25})
    done, running = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    jobs = await worker.claim()
    for job in jobs:
        await world.operations.cancel(job.id)
    assert await worker.complete(next(job for job in jobs if job.id == done))

    await world.maintain()

    assert await world.pool.fetchval("select array_agg(job_id) from arrower.cancellations") == [running]


async def test_a_pause_waits_for_a_claim_that_is_under_way(world: PostgresWorld) -> None:
    """A claim holds the row of its worker until it commits."""
    worker = await world.worker({"fraud.check": 25})
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.workers where id = $1 for share", worker.id)
        pausing = asyncio.create_task(world.room.pause(""))
        await world.eventually(lambda: _somebody_waits(world))
        assert not pausing.done()

    assert await within(pausing)


async def _somebody_waits(world: PostgresWorld) -> bool:
    waiting: int = await world.pool.fetchval(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    return waiting > 0
