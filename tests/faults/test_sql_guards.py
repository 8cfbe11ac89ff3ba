"""Guards in the SQL that no other test would miss, were they taken out: see mutations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from adapters.postgres.driver import Pool
from application.jobs.job_store import ClaimedJob
from domain.jobs import AttemptLost, JobState, UnitOfWorkFailed
from tests.worlds import HandWorker, PostgresWorld, open_postgres_world
from tests.worlds.deadline import within
from tests.worlds.hand_worker import LEASE
from tests.worlds.isolation import apart
from tests.worlds.jobs import CheckFraud

TYPES = {"fraud.check": 3}


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def claimed(world: PostgresWorld, worker: HandWorker, number: int) -> list[ClaimedJob]:
    """Enqueue and claim so many jobs."""
    await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(number)])
    jobs = await worker.claim()
    assert len(jobs) == number
    return jobs


async def commit_batch(world: PostgresWorld, worker: HandWorker, jobs: list[ClaimedJob]) -> None:
    """Run an attempt at several jobs at once that writes a note."""

    async def attempt() -> None:
        transaction = worker.store.transaction(*jobs)
        transaction.enter()
        try:
            await worker._seat.write("by a batch")
            transaction.close()
            await transaction.commit(*(worker.ended(job) for job in jobs))
        except BaseException:
            transaction.close()
            await transaction.rollback()
            raise

    await within(apart(attempt()))


async def test_a_batch_of_which_one_job_ended_writes_nothing(world: PostgresWorld) -> None:
    """All or none."""
    worker = await world.worker(TYPES)
    jobs = await claimed(world, worker, 3)
    assert await worker.retry(jobs[1])

    with pytest.raises(AttemptLost):
        await commit_batch(world, worker, jobs)

    assert await world.effects() == []
    assert await world.counts() == {JobState.RUNNING: 2, JobState.SCHEDULED: 1}


async def test_a_batch_of_which_one_job_runs_again_writes_nothing(world: PostgresWorld) -> None:
    """Another attempt owns it."""
    worker = await world.worker(TYPES)
    jobs = await claimed(world, worker, 3)
    await worker.release(jobs[1])
    await worker.claim_one()

    with pytest.raises(AttemptLost):
        await commit_batch(world, worker, jobs)

    assert await world.effects() == []
    assert await world.counts() == {JobState.RUNNING: 3}


async def test_a_batch_that_is_owned_commits_as_one(world: PostgresWorld) -> None:
    """Its effect is there once."""
    worker = await world.worker(TYPES)

    await commit_batch(world, worker, await claimed(world, worker, 3))

    assert await world.effects() == ["by a batch"]
    assert await world.counts() == {JobState.COMPLETED: 3}


@pytest.mark.parametrize("number", [1, 2])
async def test_an_attempt_that_has_written_holds_its_jobs_until_it_ends(world: PostgresWorld, number: int) -> None:
    """Nobody can take them away in between: whoever tries waits."""
    worker = await world.worker(TYPES)
    jobs = await claimed(world, worker, number)
    written, may_end = asyncio.Event(), asyncio.Event()

    async def attempt() -> None:
        transaction = worker.store.transaction(*jobs)
        transaction.enter()
        await worker._seat.write("held")
        written.set()
        await may_end.wait()
        transaction.close()
        await transaction.commit(*(worker.ended(job) for job in jobs))

    running = asyncio.create_task(apart(attempt()))
    await within(written.wait())
    held = await locked_rows(world.pool)
    may_end.set()
    await within(running)

    assert held == number
    assert await world.effects() == ["held"]


@pytest.mark.parametrize("claimed_again", [True, False])
async def test_a_job_func_that_ends_its_transaction_by_hand_completes_nothing_of_others(
    world: PostgresWorld,
    claimed_again: bool,  # noqa: FBT001
) -> None:
    """It gave the lock away with it; whoever has the job now keeps it."""
    worker, successor = await world.worker(TYPES), await world.worker(TYPES)
    (job,) = await claimed(world, worker, 1)

    async def attempt() -> None:
        transaction = worker.store.transaction(job)
        transaction.enter()
        async with worker._seat._unit_of_work as connection:  # type: ignore[attr-defined]
            await connection.execute("rollback")
            await successor.release(job)
            if claimed_again:
                await successor.claim_one()
            await connection.execute("begin")
        transaction.close()
        with suppress(UnitOfWorkFailed):
            await transaction.commit(worker.ended(job))

    await within(apart(attempt()))

    assert await world.counts() == {JobState.RUNNING if claimed_again else JobState.READY: 1}


async def locked_rows(pool: Pool) -> int:
    """Return how many jobs somebody holds a lock on."""
    free: int = await pool.fetchval("select count(*) from (select from arrower.jobs for update skip locked) as free")
    return int(await pool.fetchval("select count(*) from arrower.jobs")) - free


@pytest.mark.parametrize("what", ["claim", "promote", "leave", "disown"])
async def test_nobody_waits_for_a_row_that_somebody_else_holds(world: PostgresWorld, what: str) -> None:
    """It is passed over."""
    worker = await world.worker(TYPES)
    run_at = world.clock.now() + timedelta(seconds=1) if what == "promote" else None
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")], run_at=run_at)
    if what in ("leave", "disown"):
        await worker.claim()
    world.clock.advance(timedelta(seconds=2))
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs where payload->>'order' = 'A-1001' for update")
        match what:
            case "claim":
                assert [job.payload for job in await within(worker.claim())] == ['{"order":"A-1002"}']
            case "promote":
                await within(worker.store.promote())
            case "disown":
                await within(worker.store.disown(worker.id, []))
            case _:
                await within(worker.store.deregister(worker.id))

        expected = {"claim": JobState.RUNNING, "promote": JobState.READY}.get(what, JobState.READY)
        assert (await world.counts())[expected] == 1


async def test_a_worker_whose_job_is_held_does_not_leave(world: PostgresWorld) -> None:
    """It stays in the list of the living until its jobs are given away; then they are."""
    worker = await world.worker(TYPES)
    await claimed(world, worker, 1)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs for update")
        await within(worker.store.deregister(worker.id))

    left = await world.pool.fetchval("select left_at from arrower.workers where id = $1", worker.id)
    assert left is None
    world.clock.advance(LEASE + timedelta(seconds=1))
    await world.maintain()
    assert await world.counts() == {JobState.READY: 1}


async def test_a_rescue_does_not_wait_for_a_row_that_a_frozen_attempt_holds(world: PostgresWorld) -> None:
    """It frees the others, ends the session that holds it, and comes back for it."""
    worker = await world.worker(TYPES)
    jobs = await claimed(world, worker, 2)
    written = asyncio.Event()

    async def attempt() -> None:
        transaction = worker.store.transaction(jobs[0])
        transaction.enter()
        await worker._seat.write("never committed")
        written.set()
        await asyncio.Event().wait()

    frozen = asyncio.create_task(apart(attempt()))
    await within(written.wait())
    world.clock.advance(LEASE + timedelta(seconds=1))
    await within(world.maintain())
    await world.eventually(lambda: _maintained_until_free(world))
    frozen.cancel()
    await asyncio.wait([frozen])

    assert await world.effects() == []
    assert await world.counts() == {JobState.READY: 2}


async def _maintained_until_free(world: PostgresWorld) -> bool:
    await within(world.maintain())
    return await world.counts() == {JobState.READY: 2}
