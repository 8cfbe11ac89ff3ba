"""An attempt that no longer owns its job writes nothing.

Two things make an attempt the owner: the job is running, and its fence is that of the attempt. In the cases of
`NOT_RUNNING` only the state tells that the attempt is stale; in those of `RUNNING_AGAIN` only the fence does, and
in some of them even the number of the attempt is the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from application.jobs.job_store import ClaimedJob
from domain.jobs import AttemptLost, JobState
from tests.worlds import HandWorker, World
from tests.worlds.deadline import PATIENCE
from tests.worlds.jobs import CheckFraud

NOTHING = timedelta(0)
TEN_MINUTES = timedelta(minutes=10)
ONE_JOB = {"fraud.check": 25}
BY_A_STALE_ATTEMPT = "by a stale attempt"

Case = Callable[[World, HandWorker, ClaimedJob], Coroutine[Any, Any, None]]
Write = Callable[[HandWorker, ClaimedJob], Awaitable[bool]]


async def completed(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """End it well."""
    assert await worker.complete(job)


async def buried(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """End it for good."""
    assert await worker.bury(job)


async def waits_for_a_retry(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Put it off after a failure."""
    assert await worker.retry(job, TEN_MINUTES)


async def snoozed(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Put it off."""
    assert await worker.snooze(job, TEN_MINUTES)


async def released(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Hand it back."""
    await worker.release(job)


async def rescued(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Let the worker be silent for longer than its lease."""
    world.clock.advance(worker.registration.lease + timedelta(seconds=1))
    await world.maintain()


async def retried_by_hand(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Let somebody revive it after it died."""
    await buried(world, worker, job)
    await world.operations.retry(job.id)


async def retried(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Make it ready at once after a failure."""
    assert await worker.retry(job, NOTHING)


async def snoozed_for_nothing(world: World, worker: HandWorker, job: ClaimedJob) -> None:
    """Make it ready at once, the attempt not counted."""
    assert await worker.snooze(job, NOTHING)


NOT_RUNNING = [completed, buried, waits_for_a_retry, snoozed, released, rescued, retried_by_hand]
RUNNING_AGAIN = [retried, snoozed_for_nothing, released, rescued, retried_by_hand]


async def complete(worker: HandWorker, job: ClaimedJob) -> bool:
    """Complete a job that wrote nothing."""
    return await worker.complete(job)


async def retry(worker: HandWorker, job: ClaimedJob) -> bool:
    """Record a failure."""
    return await worker.retry(job, timedelta(hours=1))


async def bury(worker: HandWorker, job: ClaimedJob) -> bool:
    """Record a failure for good."""
    return await worker.bury(job)


async def snooze(worker: HandWorker, job: ClaimedJob) -> bool:
    """Put it off."""
    return await worker.snooze(job, timedelta(hours=1))


async def release(worker: HandWorker, job: ClaimedJob) -> bool:
    """Hand it back. This tells nobody whether it was lost."""
    await worker.release(job)
    return False


async def mark_started(worker: HandWorker, job: ClaimedJob) -> bool:
    """Note that it runs."""
    return await worker.store.mark_started(job)


async def commit(worker: HandWorker, job: ClaimedJob) -> bool:
    """Write in its unit of work, and commit that together with the completion."""
    try:
        await worker.commit(job, BY_A_STALE_ATTEMPT)
    except AttemptLost as lost:
        return (lost.job_id, lost.attempt) != (job.id, job.attempt)
    return True


WRITES = [complete, retry, bury, snooze, release, mark_started, commit]


class TestStaleAttempt:
    """Every write of an attempt names the attempt."""

    @pytest.mark.parametrize("end", NOT_RUNNING)
    async def test_writes_nothing_once_the_job_does_not_run(self, world: World, end: Case) -> None:
        """The job stays as it is, and the attempt is told."""
        for write in WRITES:
            worker = await world.worker(ONE_JOB)
            job_id = await world.queue().enqueue(CheckFraud(write.__name__), priority=-1)
            job = (await worker.claim(limit=1))[0]
            await end(world, worker, job)
            before = await world.job(job_id)

            owned = await write(worker, job)

            assert await world.job(job_id) == before, write
            assert await world.effects() == [], write
            assert not owned or (end, write) == (completed, complete), f"{write}; a completion may be told twice"

    @pytest.mark.parametrize("lose", RUNNING_AGAIN)
    async def test_writes_nothing_while_another_attempt_runs(self, world: World, lose: Case) -> None:
        """The other attempt goes on, and completes."""
        for write in WRITES:
            worker = await world.worker(ONE_JOB, pool_name="first")
            await world.queue().enqueue(CheckFraud(write.__name__))
            stale = await worker.claim_one()
            await lose(world, worker, stale)
            successor = await world.worker(ONE_JOB, pool_name="second")
            running = await successor.claim_one()
            before = await world.job(stale.id)

            owned = await write(worker, stale)

            assert not owned, write
            assert (running.id, before.state) == (stale.id, JobState.RUNNING)
            assert await world.job(stale.id) == before, write
            assert BY_A_STALE_ATTEMPT not in await world.effects(), write
            await successor.commit(running, f"by the owner, {write.__name__}")
            assert await world.state_of(stale.id) is JobState.COMPLETED, write
        assert await world.effects() == sorted(f"by the owner, {write.__name__}" for write in WRITES)


class TestFence:
    """The number that tells an attempt from every other."""

    async def test_a_released_attempt_is_another_though_it_has_the_same_number(self, world: World) -> None:
        """Attempts that do not count share their number, not their fence."""
        worker = await world.worker(ONE_JOB)
        await world.queue().enqueue(CheckFraud("A-1001"))

        first = await worker.claim_one()
        await worker.release(first)
        second = await worker.claim_one()

        assert first.attempt == second.attempt == 1
        assert first.fence < second.fence

    async def test_of_a_batch_only_the_lost_ones_are_left_out(self, world: World) -> None:
        """Those still owned are completed, and the others are named."""
        worker = await world.worker(ONE_JOB)
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002"), CheckFraud("A-1003")])
        first, second, third = await worker.claim()
        await worker.bury(second)

        lost = await worker.store.complete([worker.ended(job) for job in (first, second, third)])

        assert lost == [second]
        assert await world.counts() == {JobState.COMPLETED: 2, JobState.DEAD: 1}

    async def test_the_same_job_twice_in_a_batch_is_completed_once(self, world: World) -> None:
        """A stale attempt beside the one that owns the job."""
        worker = await world.worker(ONE_JOB)
        await world.queue().enqueue(CheckFraud("A-1001"))
        stale = await worker.claim_one()
        await worker.release(stale)
        owner = await worker.claim_one()

        lost = await worker.store.complete([worker.ended(stale), worker.ended(owner)])

        assert lost == [stale]
        assert await world.state_of(owner.id) is JobState.COMPLETED

    async def test_of_several_released_only_the_owned_ones_are_free(self, world: World) -> None:
        """Those that were lost are left alone."""
        worker = await world.worker(ONE_JOB)
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        lost, held = await worker.claim()
        await worker.bury(lost)

        await worker.store.release([lost, held])

        assert await world.counts() == {JobState.DEAD: 1, JobState.READY: 1}


class TestLostWhileWriting:
    """An attempt that loses its job between its first write and its commit."""

    async def test_fails_to_commit_and_says_so(self, world: World) -> None:
        """Frozen past its lease with an open transaction, it wakes up to find its job given away."""
        worker = await world.worker(ONE_JOB, pool_name="frozen")
        successor = await world.worker(ONE_JOB, pool_name="successor", lease=timedelta(days=1))
        await world.queue().enqueue(CheckFraud("A-1001"))
        job = await worker.claim_one()
        claimed: list[ClaimedJob] = []

        async def be_frozen() -> None:
            world.clock.advance(worker.registration.lease + timedelta(seconds=1))

            async def given_away() -> bool:
                await world.maintain()
                claimed.extend(await successor.claim())
                return len(claimed) == 1

            await world.eventually(given_away)

        with pytest.raises(AttemptLost):
            await worker.commit(
                job,
                "written while frozen",
                follow_up=("fraud.check", '{"order": "B-2002"}'),
                before_commit=be_frozen,
            )

        assert await world.effects() == []
        assert await world.counts() == {JobState.RUNNING: 1}
        await successor.commit(claimed[0], "written by the successor")
        assert await world.effects() == ["written by the successor"]
        assert await world.counts() == {JobState.COMPLETED: 1}

    @pytest.mark.parametrize("lose", [released, snoozed_for_nothing])
    async def test_nobody_else_can_end_its_attempt_meanwhile_and_see_it_commit(self, world: World, lose: Case) -> None:
        """Either that end comes first and the commit fails, or the commit comes first; never both."""
        worker = await world.worker(ONE_JOB)
        await world.queue().enqueue(CheckFraud("A-1001"))
        job = await worker.claim_one()
        ending: list[asyncio.Task[None]] = []

        async def end_it() -> None:
            ending.append(asyncio.create_task(lose(world, worker, job)))
            await asyncio.wait(ending, timeout=0.05)  # on PostgreSQL it waits for the commit

        try:
            await worker.commit(job, "written by the owner", before_commit=end_it)
        except AttemptLost:
            expected_state, expected_effects = JobState.READY, []
        else:
            expected_state, expected_effects = JobState.COMPLETED, ["written by the owner"]
        await asyncio.wait(ending, timeout=PATIENCE)
        for task in ending:
            task.exception()

        assert await world.counts() == {expected_state: 1}
        assert await world.effects() == expected_effects
