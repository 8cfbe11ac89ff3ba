"""Removing a job by hand."""

from datetime import timedelta

import pytest

from domain.jobs import JobId, JobNotFound, WrongJobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(days=1)


class TestDelete:
    """A job that does not run is gone, as if it had never been."""

    @pytest.mark.parametrize("delay", [timedelta(0), A_DAY])
    async def test_a_waiting_job_does_not_run(self, world: World, delay: timedelta) -> None:
        """Neither now nor when its time comes."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"), run_at=world.clock.now() + delay)

        await world.operations.delete(job_id)
        world.clock.advance(delay)
        worker = await world.worker({"fraud.check": 25})
        await worker.store.promote()

        assert await worker.claim() == []
        with pytest.raises(JobNotFound):
            await world.job(job_id)

    async def test_a_finished_job_is_forgotten(self, world: World) -> None:
        """With what failed on the way."""
        worker = await world.worker({"fraud.check": 25})
        for end in (worker.bury, worker.complete):
            job_id = await world.queue().enqueue(CheckFraud("A-1001"))
            await end(await worker.claim_one())
            await world.operations.delete(job_id)
            with pytest.raises(JobNotFound):
                await world.job(job_id)

        assert await world.counts() == {}

    async def test_a_running_job_is_left_alone(self, world: World) -> None:
        """Whoever runs it may commit it."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 25})
        job = await worker.claim_one()

        with pytest.raises(WrongJobState, match="is running"):
            await world.operations.delete(job_id)

        assert await worker.complete(job)

    async def test_an_unknown_job_is_refused(self, world: World) -> None:
        """There is nothing to delete."""
        with pytest.raises(JobNotFound):
            await world.operations.delete(JobId(1_001_001))
