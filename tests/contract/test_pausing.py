"""Pausing a queue, and letting it go on."""

import asyncio
from datetime import timedelta

import pytest

from domain.jobs import InvalidQueueOption, JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud

NEVER = timedelta(hours=1)


class TestPause:
    """Nobody takes jobs from a paused queue."""

    async def test_jobs_are_taken_in_and_not_given_out(self, world: World) -> None:
        """Other queues go on."""
        worker, other = await world.worker({"fraud.check": 25}), await world.worker({"fraud.check": 25}, queue="mail")

        assert await world.room.pause("")
        await world.queue().enqueue(CheckFraud("A-1001"))
        await world.queue("mail").enqueue(CheckFraud("A-1002"))

        assert await worker.claim() == []
        assert len(await other.claim()) == 1
        assert await world.room.resume("")
        assert len(await worker.claim()) == 1

    async def test_a_job_that_runs_goes_on(self, world: World) -> None:
        """It completes."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 25})
        job = await worker.claim_one()

        await world.room.pause("")
        await worker.commit(job, "checked")

        assert await world.state_of(job_id) is JobState.COMPLETED

    async def test_resuming_wakes_the_workers(self, world: World) -> None:
        """However long they would have slept."""
        queue = world.queue(poll_interval=NEVER)
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.room.pause("")
        await world.run(queue, check_fraud)
        await world.lists("")
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        assert (await world.job(job_id)).queue_paused_at == world.clock.now()
        assert checked == []

        await world.room.resume("")

        await world.reaches(job_id, JobState.COMPLETED)

    async def test_after_the_call_no_claim_brings_anything(self, world: World) -> None:
        """Whatever was under way when it was made."""
        await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(200)])
        workers = [await world.worker({"fraud.check": 25}) for _ in range(3)]
        stop = False
        after_pause: list[int] = []

        async def claim(number: int) -> None:
            while not stop:
                paused_before = paused.is_set()
                jobs = await workers[number].claim(1)
                if paused_before:
                    after_pause.append(len(jobs))
                await asyncio.sleep(0)

        paused = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(len(workers)):
                group.create_task(claim(number))
            await world.room.pause("")
            paused.set()
            counts = await world.counts()
            await world.eventually(lambda: len(after_pause) >= 9)
            stop = True

        assert set(after_pause) == {0}
        assert await world.counts() == counts

    async def test_twice_is_as_good_as_once(self, world: World) -> None:
        """And tells that it was so already."""
        assert await world.room.pause("mail")
        assert not await world.room.pause("mail")
        assert await world.room.resume("mail")
        assert not await world.room.resume("mail")

    async def test_an_impossible_name_is_refused(self, world: World) -> None:
        """No queue has it."""
        with pytest.raises(InvalidQueueOption, match="101 characters"):
            await world.room.pause("x" * 101)
