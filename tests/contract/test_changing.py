"""Moving a job in its line by hand."""

from datetime import timedelta

import pytest

from domain.jobs import JobId, JobNotFound, JobState, WrongJobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(days=1)


class TestChange:
    """The priority, the time, or both."""

    async def test_a_lower_priority_number_runs_first(self, world: World) -> None:
        """Though it was enqueued last."""
        queue = world.queue()
        first, second = await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])

        await world.operations.change(second, priority=-5)
        worker = await world.worker({"fraud.check": 25})

        assert [job.id for job in await worker.claim()] == [second, first]
        assert (await world.job(second)).priority == -5

    async def test_a_later_time_lets_a_ready_job_wait(self, world: World) -> None:
        """It is scheduled, and runs when its time has come."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        tomorrow = world.clock.now() + A_DAY
        worker = await world.worker({"fraud.check": 25}, lease=3 * A_DAY)

        await world.operations.change(job_id, run_at=tomorrow)

        assert (await world.job(job_id)).state is JobState.SCHEDULED
        assert await worker.claim() == []
        assert (await worker.store.promote()).next_due == A_DAY
        world.clock.advance(A_DAY)
        await worker.store.promote()
        assert [job.id for job in await worker.claim()] == [job_id]

    async def test_an_earlier_time_wakes_the_workers(self, world: World) -> None:
        """However long they would have slept."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"), run_at=world.clock.now() + A_DAY)

        await world.operations.change(job_id, run_at=world.clock.now())

        assert (await world.reaches(job_id, JobState.COMPLETED)).run_at == world.clock.now()
        assert checked == ["A-1001"]

    async def test_with_a_time_that_has_come_it_is_ready(self, world: World) -> None:
        """Nobody has to promote it."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"), run_at=world.clock.now() + A_DAY)

        await world.operations.change(job_id, run_at=world.clock.now())

        assert await world.state_of(job_id) is JobState.READY

    async def test_what_is_not_given_stays_as_it_is(self, world: World) -> None:
        """The time with the priority, and the other way round."""
        tomorrow = world.clock.now() + A_DAY
        job_id = await world.queue().enqueue(CheckFraud("A-1001"), run_at=tomorrow, priority=3)

        await world.operations.change(job_id, priority=7)
        job = await world.job(job_id)
        assert (job.priority, job.run_at, job.state) == (7, tomorrow, JobState.SCHEDULED)
        await world.operations.change(job_id, run_at=tomorrow + A_DAY)
        job = await world.job(job_id)

        assert (job.priority, job.run_at, job.state) == (7, tomorrow + A_DAY, JobState.SCHEDULED)

    async def test_one_that_runs_or_has_finished_is_left_alone(self, world: World) -> None:
        """It waits no more."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 25})
        job = await worker.claim_one()

        with pytest.raises(WrongJobState, match="is running"):
            await world.operations.change(job_id, priority=1)
        assert await worker.complete(job)
        with pytest.raises(WrongJobState, match="is completed"):
            await world.operations.change(job_id, priority=1)
        with pytest.raises(JobNotFound):
            await world.operations.change(JobId(1_001_001), priority=1)
