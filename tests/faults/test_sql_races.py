"""Statements that meet each other: whoever waited for a row looks at it again, and judges by what it is now."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from application.jobs.job_store import ClaimedJob
from domain.jobs import AttemptLost, JobState
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


async def complete(worker: HandWorker, job: ClaimedJob) -> bool:
    """Complete."""
    return await worker.complete(job)


async def release(worker: HandWorker, job: ClaimedJob) -> bool:
    """Hand back."""
    await worker.release(job)
    return False


async def retry(worker: HandWorker, job: ClaimedJob) -> bool:
    """Fail."""
    return await worker.retry(job, A_SECOND)


async def bury(worker: HandWorker, job: ClaimedJob) -> bool:
    """Fail for good."""
    return await worker.bury(job)


async def snooze(worker: HandWorker, job: ClaimedJob) -> bool:
    """Put off."""
    return await worker.snooze(job, A_SECOND)


async def cancel(worker: HandWorker, job: ClaimedJob) -> bool:
    """Call off."""
    return await worker.store.cancel(worker.ended(job))


async def mark_started(worker: HandWorker, job: ClaimedJob) -> bool:
    """Say that it has begun."""
    return await worker.store.mark_started(job)


async def commit(worker: HandWorker, job: ClaimedJob) -> bool:
    """Complete together with what was written."""
    await worker.commit(job, "checked")
    return True


@pytest.mark.parametrize("write", [complete, release, retry, bury, snooze, cancel, mark_started, commit])
async def test_the_end_of_an_attempt_is_not_that_of_one_with_the_same_number(
    world: PostgresWorld, write: Callable[[HandWorker, ClaimedJob], Awaitable[bool]]
) -> None:
    """Numbers tell the attempts at one job apart: another job can have the same, by chance."""
    worker = await world.worker(TYPES)
    _, of_another = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    await world.pool.execute("update arrower.jobs set fence = 7")
    job, other = await worker.claim()
    assert (job.fence, other.id) == (other.fence, of_another)

    await write(worker, job)

    assert await world.pool.fetchval("select started_at is null from arrower.jobs where id = $1", of_another)
    assert await world.state_of(of_another) is JobState.RUNNING
    await worker.commit(other, "checked, too")


async def test_a_batch_holds_its_own_jobs_where_all_have_the_same_number(world: PostgresWorld) -> None:
    """Each of them once, and not each for every other."""
    queue = world.queue()
    await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002"), CheckFraud("A-1003")])
    await world.pool.execute("update arrower.jobs set fence = 7")
    batches: list[int] = []

    async def check_fraud(jobs: list[CheckFraud]) -> None:
        batches.append(len(jobs))
        for job in jobs:
            await world.write(job.order)

    await world.run(queue, check_fraud)
    await world.eventually(lambda: len(batches) == 1)
    await queue.shutdown()

    assert batches == [3]
    assert await world.effects() == ["A-1001", "A-1002", "A-1003"]


@pytest.mark.parametrize("write", [complete, release, retry, bury, snooze])
async def test_who_waited_for_a_job_that_was_given_away_meanwhile_writes_nothing(
    world: PostgresWorld, write: Callable[[HandWorker, ClaimedJob], Awaitable[bool]]
) -> None:
    """It saw the job as its own when it began to wait, and must not believe that."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    job = await worker.claim_one()
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("update arrower.jobs set fence = fence + 1, worker = 99")
        writing = asyncio.create_task(_owned(write, worker, job))
        await world.eventually(lambda: _somebody_waits(world))

    assert await within(writing) is False
    assert await world.pool.fetchval("select (state, worker) = ('running', 99) from arrower.jobs")


async def _owned(
    write: Callable[[HandWorker, ClaimedJob], Awaitable[bool]], worker: HandWorker, job: ClaimedJob
) -> bool:
    return await write(worker, job)


async def _somebody_waits(world: PostgresWorld) -> bool:
    waiting: int = await world.pool.fetchval(WAITING)
    return waiting > 0


async def test_a_stale_attempt_is_not_told_that_it_completed_what_another_did(world: PostgresWorld) -> None:
    """Only the completion of the very same attempt may be told twice."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    stale = await worker.claim_one()
    await worker.release(stale)
    assert await worker.complete(await worker.claim_one())

    assert await worker.complete(stale) is False


async def test_a_lost_answer_to_a_commit_is_a_lost_attempt_where_the_job_waits(world: PostgresWorld) -> None:
    """The attempt ended otherwise in the meantime, so its commit cannot have happened and its job is not its own."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    job = await worker.claim_one()
    assert await worker.retry(job)
    store = worker.store

    with pytest.raises(AttemptLost):
        await store._fencing.completed(world.pool, [job])  # type: ignore[attr-defined]


async def test_a_lost_answer_to_a_commit_is_a_lost_attempt_where_another_completed_the_job(
    world: PostgresWorld,
) -> None:
    """It is completed, and not by this commit."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    stale = await worker.claim_one()
    await worker.release(stale)
    assert await worker.complete(await worker.claim_one())
    store = worker.store

    with pytest.raises(AttemptLost):
        await store._fencing.completed(world.pool, [stale])  # type: ignore[attr-defined]


@pytest.mark.parametrize("other", ["runs", "is completed"])
async def test_a_lost_answer_to_a_commit_is_not_learned_from_another_job(world: PostgresWorld, other: str) -> None:
    """Its attempt may have the same number: it tells attempts at one job apart."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    await world.pool.execute("update arrower.jobs set fence = 7")
    job, of_another = await worker.claim()
    assert await worker.retry(job)
    assert other == "runs" or await worker.complete(of_another)
    store = worker.store

    with pytest.raises(AttemptLost):
        await store._fencing.completed(world.pool, [job])  # type: ignore[attr-defined]


async def test_a_worker_that_left_claims_nothing(world: PostgresWorld) -> None:
    """Nobody would look after its jobs."""
    worker = await world.worker(TYPES)
    await worker.store.deregister(worker.id)
    await world.queue().enqueue(CheckFraud("A-1001"))

    assert await worker.claim() == []
    assert await worker.store.heartbeat(worker.id) is False


async def test_a_job_written_in_sql_for_later_is_not_early(world: PostgresWorld) -> None:
    """Without a state it is ready, and waits for its time all the same."""
    worker = await world.worker(TYPES)
    await world.pool.execute(
        "insert into arrower.jobs (type, payload, run_at) values ('fraud.check', '{\"order\": \"A-1001\"}', $1)",
        world.clock.now() + timedelta(hours=1),
    )

    assert await worker.claim() == []
    world.clock.advance(timedelta(hours=1))
    assert len(await worker.claim()) == 1


async def test_a_sweep_that_comes_too_late_leaves_a_worker_that_has_beaten_alone(world: PostgresWorld) -> None:
    """It looked dead when the sweep began, and is asked again."""
    worker, other = await world.worker(TYPES), await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    job = await worker.claim_one()
    rescue = other.store._rescue  # type: ignore[attr-defined]
    control = other.store._control  # type: ignore[attr-defined]

    await control.run(lambda connection: rescue._rescue(worker.id, connection))

    assert await worker.store.heartbeat(worker.id)
    assert await worker.complete(job)


async def test_a_worker_that_is_claiming_is_not_declared_dead_at_that_moment(world: PostgresWorld) -> None:
    """Its row is locked by the claim: the sweep neither waits for it nor takes its jobs; the next one does."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    await worker.claim_one()
    world.clock.advance(LEASE + A_SECOND)
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.workers where id = $1 for share", worker.id)
        await within(world.maintain())
        assert await world.counts() == {JobState.RUNNING: 1}

    await world.maintain()
    assert await world.counts() == {JobState.READY: 1}


async def test_who_left_is_not_taken_for_dead(world: PostgresWorld) -> None:
    """Neither by a sweep, nor by one that had seen it before it left."""
    worker, other = await world.worker(TYPES), await world.worker(TYPES)
    await worker.store.deregister(worker.id)
    world.clock.advance(LEASE + A_SECOND)
    rescue = other.store._rescue  # type: ignore[attr-defined]
    control = other.store._control  # type: ignore[attr-defined]

    await world.maintain()
    assert await world.pool.fetchval("select rescued_at from arrower.workers where id = $1", worker.id) is None

    await control.run(lambda connection: rescue._rescue(worker.id, connection))
    assert await world.pool.fetchval("select died_at from arrower.workers where id = $1", worker.id) is None


async def test_a_dead_worker_is_rescued_once(world: PostgresWorld) -> None:
    """Later sweeps pass it over."""
    worker = await world.worker(TYPES)
    world.clock.advance(LEASE + A_SECOND)
    await world.maintain()
    rescued_at = await world.pool.fetchval("select rescued_at from arrower.workers where id = $1", worker.id)

    world.clock.advance(LEASE)
    await world.maintain()

    assert rescued_at is not None
    assert await world.pool.fetchval("select rescued_at from arrower.workers where id = $1", worker.id) == rescued_at


async def test_a_ready_job_of_the_future_is_not_what_promotion_waits_for(world: PostgresWorld) -> None:
    """It was written in SQL, and nothing of it is to be promoted."""
    worker = await world.worker(TYPES)
    await world.pool.execute(
        "insert into arrower.jobs (type, payload, run_at) values ('fraud.check', '{}', $1)",
        world.clock.now() + timedelta(hours=1),
    )

    assert (await worker.store.promote()).next_due is None


async def test_a_claim_holds_its_worker_alive_until_it_commits(world: PostgresWorld) -> None:
    """Declared dead in between, it would claim jobs that nobody rescues."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue(CheckFraud("A-1001"))
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("update arrower.workers set died_at = now() where id = $1", worker.id)
        claiming = asyncio.create_task(worker.claim())
        await world.eventually(lambda: _somebody_waits(world))

    assert await within(claiming) == []
    assert await world.counts() == {JobState.READY: 1}


async def test_a_queue_promotes_and_foretells_its_own_jobs_only(world: PostgresWorld) -> None:
    """Those of others are theirs."""
    worker = await world.worker(TYPES)
    other = await world.worker(TYPES, queue="other")
    at_once, later = world.clock.now() + A_SECOND, world.clock.now() + timedelta(minutes=10)
    await world.queue().enqueue(CheckFraud("A-1001"), run_at=at_once)
    await world.queue().enqueue(CheckFraud("A-1002"), run_at=later)
    world.clock.advance(A_SECOND)

    assert (await other.store.promote()).next_due is None
    assert await world.counts() == {JobState.SCHEDULED: 2}
    assert (await worker.store.promote()).next_due == timedelta(minutes=10) - A_SECOND
    assert await world.counts() == {JobState.READY: 1, JobState.SCHEDULED: 1}


async def test_leaving_disowning_and_rescue_touch_nobody_elses_jobs(world: PostgresWorld) -> None:
    """Each worker's are its own."""
    first, second, third = [await world.worker(TYPES) for _ in range(3)]
    await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(3)])
    jobs = [(await worker.claim(1))[0] for worker in (first, second, third)]

    await first.store.deregister(first.id)
    await second.store.disown(second.id, [])

    assert await world.counts() == {JobState.READY: 2, JobState.RUNNING: 1}
    assert await third.complete(jobs[2])


async def test_a_job_that_a_worker_does_not_know_is_disowned_though_one_it_knows_has_the_same_number(
    world: PostgresWorld,
) -> None:
    """Numbers of attempts are those of a job."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    known, _ = await worker.claim()
    await world.pool.execute("update arrower.jobs set fence = $1", known.fence)

    assert await worker.store.disown(worker.id, [known]) == 1
    assert await world.state_of(known.id) is JobState.RUNNING


async def test_a_worker_disowns_what_it_does_not_know_and_keeps_the_rest(world: PostgresWorld) -> None:
    """Another attempt at the same job is not one it knows."""
    worker = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    first, second = await worker.claim()
    await worker.release(first)
    again = await worker.claim_one()

    assert await worker.store.disown(worker.id, [first, second]) == 1

    assert await worker.complete(second)
    assert not await worker.complete(again)
    assert await world.counts() == {JobState.READY: 1, JobState.COMPLETED: 1}
