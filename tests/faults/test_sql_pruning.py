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
