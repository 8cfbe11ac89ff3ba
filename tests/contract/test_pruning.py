"""The history is kept for a while."""

from datetime import timedelta

import pytest

from domain.jobs import JobNotFound, JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(hours=24)
A_SECOND = timedelta(seconds=1)


class TestPruning:
    """Completed and cancelled jobs go after a day; the dead stay until somebody decides."""

    async def test_completed_and_cancelled_jobs_are_forgotten_after_their_retention(self, world: World) -> None:
        """With their attempts."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=100))
        queue = world.queue()
        completed = await queue.enqueue(CheckFraud("A-1001"))
        await worker.complete(await worker.claim_one())
        cancelled = await queue.enqueue(CheckFraud("A-1002"))
        await world.operations.cancel(cancelled)

        world.clock.advance(A_DAY + A_SECOND)
        await world.maintain()

        for job_id in (completed, cancelled):
            with pytest.raises(JobNotFound):
                await world.job(job_id)
        assert await world.counts() == {}

    async def test_nothing_is_forgotten_before(self, world: World) -> None:
        """A day is a day, counted from the end."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=100))
        completed = await world.queue().enqueue(CheckFraud("A-1001"))
        job = await worker.claim_one()
        world.clock.advance(A_DAY)
        await worker.complete(job)

        world.clock.advance(A_DAY)
        await world.maintain()

        assert await world.state_of(completed) is JobState.COMPLETED

    async def test_a_cancelled_job_that_was_retried_and_died_at_the_same_instant_is_kept(self, world: World) -> None:
        """What it was before does not count, however quickly it went."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=100))
        revived = await world.queue().enqueue(CheckFraud("A-1001"))
        await world.operations.cancel(revived)
        await world.operations.retry(revived)
        await worker.bury(await worker.claim_one())

        world.clock.advance(A_DAY + A_SECOND)
        await world.maintain()

        assert await world.state_of(revived) is JobState.DEAD

    async def test_dead_and_waiting_jobs_are_never_forgotten(self, world: World) -> None:
        """However old they are."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=5_000))
        queue = world.queue()
        await queue.enqueue(CheckFraud("A-1001"))
        await worker.bury(await worker.claim_one())
        await queue.enqueue(CheckFraud("A-1002"))
        await queue.enqueue(CheckFraud("A-1003"), run_at=world.clock.now() + timedelta(days=3_000))

        world.clock.advance(timedelta(days=1_000))
        await world.maintain()

        assert await world.counts() == {JobState.DEAD: 1, JobState.READY: 1, JobState.SCHEDULED: 1}
