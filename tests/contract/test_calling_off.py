"""Calling off a job that runs."""

import asyncio
from datetime import timedelta

import pytest

from application.jobs.acting import Cancelled
from application.jobs.looking import AttemptOutcome, JobFilter
from domain.jobs import JobState, WrongJobState
from tests.worlds import HandWorker, World
from tests.worlds.deadline import within
from tests.worlds.jobs import CheckFraud

RUNNING = JobFilter(state=JobState.RUNNING)


async def a_worker(world: World, max_attempts: int = 25) -> HandWorker:
    """Return one that knows the jobs of these tests."""
    return await world.worker({"fraud.check": max_attempts})


class TestCallingOff:
    """Its worker is told; it ends cancelled, unless it completes first."""

    async def test_the_job_func_is_cancelled_and_its_writes_are_rolled_back(self, world: World) -> None:
        """At once, however long the worker would sleep."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        began = asyncio.Event()

        async def check_fraud(job: CheckFraud) -> None:
            await world.write(job.order)
            began.set()
            await asyncio.Event().wait()

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await within(began.wait())

        assert await world.room.cancel(job_id) is Cancelled.REQUESTED
        job = await world.reaches(job_id, JobState.CANCELLED)

        assert [attempt.outcome for attempt in job.attempts] == [AttemptOutcome.CANCELLED]
        assert await world.effects() == []
        assert job.cancel_requested_at is None

    async def test_a_job_func_that_swallows_the_cancellation_does_not_complete(self, world: World) -> None:
        """What it wrote afterwards is rolled back, too."""
        queue = world.queue()
        began = asyncio.Event()

        async def check_fraud(job: CheckFraud) -> None:
            began.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await world.write(job.order)

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await within(began.wait())
        await world.room.cancel(job_id)
        await world.reaches(job_id, JobState.CANCELLED)

        assert await world.effects() == []

    async def test_one_of_a_batch_gives_the_others_back(self, world: World) -> None:
        """They run again."""
        queue = world.queue()
        began = asyncio.Event()
        done: list[str] = []

        async def check_fraud(jobs: list[CheckFraud]) -> None:
            if not began.is_set():
                began.set()
                await asyncio.Event().wait()
            done.extend(job.order for job in jobs)

        first, second = await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        await world.run(queue, check_fraud)
        await within(began.wait())
        await world.room.cancel(first)
        await world.reaches(first, JobState.CANCELLED)
        await world.reaches(second, JobState.COMPLETED)

        assert done == ["A-1002"]

    async def test_a_job_that_completes_first_stays_completed(self, world: World) -> None:
        """With what it wrote."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()

        assert await world.room.cancel(job_id) is Cancelled.REQUESTED
        assert (await world.job(job_id)).cancel_requested_at == world.clock.now()
        assert await worker.store.called_off(worker.id) == {job_id}
        await worker.commit(job, "checked")
        await world.maintain()

        assert await world.state_of(job_id) is JobState.COMPLETED
        assert not await worker.store.cancel(worker.ended(job))
        assert await world.effects() == ["checked"]
        with pytest.raises(WrongJobState, match="is completed"):
            await world.room.cancel(job_id)

    @pytest.mark.parametrize("end", ["retry", "snooze", "release"])
    async def test_whatever_ends_the_attempt_it_is_not_run_again(self, world: World, end: str) -> None:
        """Its worker may have been too slow to hear of it."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()
        await world.room.cancel(job_id)

        await getattr(worker, end)(job)
        await world.maintain()

        assert await world.state_of(job_id) is JobState.CANCELLED

    async def test_while_it_runs_only_its_attempt_can_end_it(self, world: World) -> None:
        """However often the others look after what was called off."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()
        await world.room.cancel(job_id)

        await world.maintain()

        assert await world.state_of(job_id) is JobState.RUNNING
        assert await worker.store.cancel(worker.ended(job))

    @pytest.mark.parametrize("max_attempts", [1, 25])
    async def test_a_job_whose_worker_dies_meanwhile_is_not_freed(self, world: World, max_attempts: int) -> None:
        """Neither free nor dead."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world, max_attempts)
        await worker.claim_one()
        await world.room.cancel(job_id)

        await world.freeze("by-hand")
        await world.maintain()

        assert await world.state_of(job_id) is JobState.CANCELLED

    async def test_a_stale_attempt_cancels_nothing(self, world: World) -> None:
        """The job belongs to another attempt by then."""
        await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        stale = await worker.claim_one()
        await worker.release(stale)
        job = await worker.claim_one()

        assert not await worker.store.cancel(worker.ended(stale))
        assert await worker.complete(job)

    async def test_an_attempt_whose_job_waits_for_another_cancels_nothing(self, world: World) -> None:
        """It has ended."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()
        assert await worker.retry(job)

        assert not await worker.store.cancel(worker.ended(job))
        assert await world.state_of(job_id) is not JobState.CANCELLED

    async def test_a_worker_is_told_of_its_own_running_jobs_only(self, world: World) -> None:
        """Neither of another worker's, nor of one that it has given back."""
        mine, failed = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        worker, other = await a_worker(world), await a_worker(world)
        jobs = {job.id: job for job in await worker.claim()}
        for job_id in (mine, failed):
            await world.operations.cancel(job_id)
        assert await worker.retry(jobs[failed])

        assert await worker.store.called_off(worker.id) == {mine}
        assert await other.store.called_off(other.id) == set()

    async def test_the_others_that_run_go_on(self, world: World) -> None:
        """Their worker hears of that one only."""
        first, _ = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        worker = await a_worker(world)
        await worker.claim()

        await world.operations.cancel(first)

        assert await worker.store.called_off(worker.id) == {first}

    async def test_asked_for_twice_it_is_called_off_once(self, world: World) -> None:
        """The first time counts."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        await (await a_worker(world)).claim_one()
        began = world.clock.now()

        assert await world.operations.cancel(job_id) is Cancelled.REQUESTED
        world.clock.advance(timedelta(seconds=1))
        assert await world.operations.cancel(job_id) is Cancelled.REQUESTED
        assert (await world.job(job_id)).cancel_requested_at == began

    async def test_each_is_called_off_by_itself(self, world: World) -> None:
        """The end of one leaves the wish to call off another; and nobody wished it of those that wait."""
        running = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        worker = await a_worker(world)
        first, second = await worker.claim()
        waiting = await world.queue().enqueue(CheckFraud("A-1003"))
        for job_id in running:
            await world.operations.cancel(job_id)

        assert await worker.store.cancel(worker.ended(first))
        await world.maintain()

        assert await worker.store.called_off(worker.id) == {second.id}
        assert await world.state_of(waiting) is JobState.READY

    @pytest.mark.parametrize("number", ["one", "many"])
    async def test_retrying_others_does_not_touch_the_wish_to_call_off_a_job(self, world: World, number: str) -> None:
        """Which runs on for a moment."""
        worker = await a_worker(world)
        running = await world.queue().enqueue(CheckFraud("A-1001"))
        job = await worker.claim_one()
        await world.operations.cancel(running)
        revived = await world.queue().enqueue(CheckFraud("A-1002"))
        await world.operations.cancel(revived)

        if number == "one":
            await world.operations.retry(revived)
        else:
            assert await world.room.retry_many(JobFilter(state=JobState.CANCELLED)) == 1

        assert await worker.store.called_off(worker.id) == {job.id}

    async def test_retried_afterwards_it_runs(self, world: World) -> None:
        """The wish to call it off is forgotten."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()
        await world.room.cancel(job_id)
        assert await worker.store.cancel(worker.ended(job))

        await world.room.retry(job_id)
        again = await worker.claim_one()
        await world.maintain()

        assert await worker.store.called_off(worker.id) == set()
        assert await worker.complete(again)

    async def test_all_that_match(self, world: World) -> None:
        """Asked again, none is left to be asked for."""
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("B-1001")])
        worker = await a_worker(world)
        await worker.claim()

        assert await world.room.cancel_many(JobFilter(state=JobState.RUNNING, text='"a-')) == 1
        assert await world.room.cancel_many(RUNNING) == 1
        assert await world.room.cancel_many(RUNNING) == 0
        assert len(await worker.store.called_off(worker.id)) == 2
