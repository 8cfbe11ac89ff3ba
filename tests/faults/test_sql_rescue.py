"""What a rescue must leave alone: jobs that do not run, and workers that are not dead."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from domain.jobs import JobState
from tests.worlds import HandWorker, PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.hand_worker import LEASE
from tests.worlds.jobs import CheckFraud

TYPES = {"fraud.check": 3}
A_SECOND = timedelta(seconds=1)


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def with_a_failed_job(world: PostgresWorld) -> HandWorker:
    """Return a worker that owned a job, which now waits for its next attempt."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    assert await worker.retry(await worker.claim_one(), timedelta(hours=1))
    return worker


async def test_a_job_that_waits_for_a_retry_is_not_freed_with_its_last_worker(world: PostgresWorld) -> None:
    """It would be early, and be charged for a death that was none of its business."""
    worker = await with_a_failed_job(world)
    world.clock.advance(LEASE + A_SECOND)

    await world.maintain()

    assert await world.counts() == {JobState.SCHEDULED: 1}
    assert await world.pool.fetchval("select (attempt, rescues) = (1, 0) from arrower.jobs")
    assert await world.pool.fetchval("select count(*) from arrower.attempts") == 1
    assert await world.pool.fetchval("select rescued_at is not null from arrower.workers where id = $1", worker.id)


async def test_whoever_holds_a_job_that_waits_keeps_the_session(world: PostgresWorld) -> None:
    """A claim of another worker, say, or somebody who looks into it."""
    await with_a_failed_job(world)
    world.clock.advance(LEASE + A_SECOND)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs for update")
        await within(world.maintain())

        assert await connection.fetchval("select 'still here'") == "still here"


async def test_a_job_that_a_frozen_attempt_holds_is_freed_in_the_sweep_that_ends_its_session(
    world: PostgresWorld,
) -> None:
    """Freed later, the worker could wake up first and record its lost connection as a failure of the job."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    await worker.claim()
    frozen = await asyncpg.connect(world.dsn)
    await frozen.execute("begin")
    await frozen.execute("select from arrower.jobs limit 1 for update")
    world.clock.advance(LEASE + A_SECOND)

    await within(world.maintain())

    assert await world.counts() == {JobState.READY: 2}
    assert await world.pool.fetchval("select array_agg(outcome) from arrower.attempts") == ["died", "died"]
    assert await world.pool.fetchval("select rescued_at is not null from arrower.workers where id = $1", worker.id)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.InterfaceError)):
        await frozen.execute("commit")
    frozen.terminate()


async def test_a_dead_worker_is_done_with_though_others_have_work(world: PostgresWorld) -> None:
    """Only its own jobs count."""
    dead, other = await world.worker(TYPES), await world.worker(TYPES, lease=timedelta(days=1))
    await world.queue().enqueue(CheckFraud("A-1001"))
    await other.claim_one()
    world.clock.advance(LEASE + A_SECOND)

    await world.maintain()

    assert await world.counts() == {JobState.RUNNING: 1}
    assert await world.pool.fetchval("select rescued_at is not null from arrower.workers where id = $1", dead.id)


async def test_of_the_jobs_of_a_dead_worker_those_that_were_called_off_are_cancelled(world: PostgresWorld) -> None:
    """By the rescue itself: once free, they would run again. The others are not."""
    worker, rescuer = await world.worker(TYPES), await world.worker(TYPES, lease=timedelta(days=1))
    called_off, other = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    assert len(await worker.claim()) == 2
    await world.operations.cancel(called_off)
    world.clock.advance(LEASE + A_SECOND)
    store: Any = rescuer.store

    (rescued,) = await store._rescue.sweep(store._control)

    assert (rescued.freed, rescued.buried) == (1, 0)
    assert await world.state_of(called_off) is JobState.CANCELLED
    assert await world.state_of(other) is JobState.READY
    assert await world.pool.fetchval("select (started_at, error_kind) is null from arrower.finished_jobs")


async def test_a_job_that_ends_dead_with_its_worker_takes_no_other_along(world: PostgresWorld) -> None:
    """Neither one that waits nor one that runs elsewhere."""
    dying, living = await world.worker({"fraud.check": 1}), await world.worker(TYPES, lease=timedelta(days=1))
    await world.queue().enqueue(CheckFraud("A-1001"))
    await dying.store.mark_started(await dying.claim_one())
    await world.queue().enqueue([CheckFraud("A-1002"), CheckFraud("A-1003")])
    assert len(await living.claim(1)) == 1

    world.clock.advance(LEASE + A_SECOND)
    await world.maintain()

    assert await world.counts() == {JobState.DEAD: 1, JobState.RUNNING: 1, JobState.READY: 1}


async def test_a_job_that_waits_for_a_retry_is_not_disowned_or_handed_back(world: PostgresWorld) -> None:
    """Its last worker has nothing to do with it any more, and can leave though others have work."""
    worker, other = await with_a_failed_job(world), await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1002"))
    await other.claim_one()

    assert await worker.store.disown(worker.id, []) == 0
    await worker.store.deregister(worker.id)

    assert await world.counts() == {JobState.SCHEDULED: 1, JobState.RUNNING: 1}
    assert await world.pool.fetchval("select attempt from arrower.jobs where state = 'scheduled'") == 1
    assert await world.pool.fetchval("select left_at is not null from arrower.workers where id = $1", worker.id)
