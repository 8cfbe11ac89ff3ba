"""What pruning takes, and what it leaves."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.jobs import JobState
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
A_CENTURY = timedelta(days=36_500)


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def test_it_does_not_wait_for_a_job_that_somebody_holds(world: PostgresWorld) -> None:
    """It takes the others."""
    worker = await world.worker({"fraud.check": 3}, lease=A_CENTURY)
    held, _ = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    for job in await worker.claim():
        assert await worker.complete(job)
    world.clock.advance(A_DAY + AN_HOUR)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.finished_jobs where id = $1 for update", held)
        await within(world.maintain())

        assert await world.counts() == {JobState.COMPLETED: 1}


async def test_who_counts_does_not_wait_for_another_that_counts(world: PostgresWorld) -> None:
    """One process does at a time; the others have better things to do."""
    worker = await world.worker({"fraud.check": 3}, lease=A_CENTURY)
    await world.queue().enqueue(CheckFraud("A-1001"))
    assert await worker.complete(await worker.claim_one())
    world.clock.advance(AN_HOUR)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.statistics_progress for update")
        await within(world.maintain())

    assert await world.pool.fetchval("select count(*) from arrower.statistics") == 0


async def test_figures_are_forgotten_after_two_days(world: PostgresWorld) -> None:
    """And not before."""
    kept = "select coalesce(sum(completed), 0) from arrower.statistics"
    worker = await world.worker({"fraud.check": 3}, lease=A_CENTURY)
    await world.queue().enqueue(CheckFraud("A-1001"))
    assert await worker.complete(await worker.claim_one())
    numbers = []
    for hours in (1, 46, 2):
        world.clock.advance(timedelta(hours=hours))
        await world.maintain()
        numbers.append(await world.pool.fetchval(kept))

    assert numbers == [1, 1, 0]


async def test_what_ended_after_very_many_died_is_in_the_figures_once_those_are_counted(world: PostgresWorld) -> None:
    """They are too much to look at job by job; a worker counts them soon."""
    worker = await world.worker({"fraud.check": 3}, lease=A_CENTURY)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    dying, completed = await worker.claim()
    assert await worker.bury(dying)
    await world.pool.execute(_MANY_DEAD)
    world.clock.advance(timedelta(minutes=1))
    assert await worker.complete(completed)
    world.clock.advance(timedelta(seconds=30))
    while await worker.store.count_ended():
        pass

    assert [queue.completed for queue in await world.room.queues()] == [1]


_MANY_DEAD = """
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
                                   enqueued_at, finished_at)
select id + n, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker, enqueued_at, finished_at
from arrower.finished_jobs, generate_series(1000, 21001) as n"""


@pytest.mark.parametrize("dies", [False, True])
async def test_workers_are_remembered_a_day_longer_than_their_jobs(world: PostgresWorld, dies: bool) -> None:  # noqa: FBT001
    """Those that live are never forgotten."""
    living = await world.worker({"fraud.check": 3}, lease=A_CENTURY)
    gone = await world.worker({"fraud.check": 3})
    if dies:
        world.clock.advance(AN_HOUR)
    else:
        await gone.store.deregister(gone.id)
    await world.maintain()
    remembered = []
    for hours in (47, 2):
        world.clock.advance(timedelta(hours=hours))
        await (await world.worker({})).store.maintain()
        remembered.append({row["id"] for row in await world.pool.fetch("select id from arrower.workers")})

    assert {living.id, gone.id} <= remembered[0]
    assert living.id in remembered[1]
    assert gone.id not in remembered[1]
