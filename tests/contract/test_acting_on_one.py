"""What is done by hand to one job is done to that one only."""

from datetime import timedelta

import pytest

from domain.jobs import JobId, JobNotFound, JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(days=1)
IN_EACH_STATE = [JobState.SCHEDULED, JobState.READY, JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED]


async def a_job_in(world: World, state: JobState) -> JobId:
    """Bring a job into this state."""
    run_at = world.clock.now() + A_DAY if state is JobState.SCHEDULED else None
    job_id = await world.queue().enqueue(CheckFraud("A-1001"), run_at=run_at)
    worker = await world.worker({"fraud.check": 25}, lease=A_DAY)
    if state is JobState.CANCELLED:
        await world.operations.cancel(job_id)
    elif state in (JobState.COMPLETED, JobState.DEAD):
        (job,) = [job for job in await worker.claim() if job.id == job_id]
        await (worker.complete if state is JobState.COMPLETED else worker.bury)(job)
    await worker.store.deregister(worker.id)
    return job_id


class TestActingOnOneJob:
    """Two others are in each state."""

    @pytest.mark.parametrize(
        ("operation", "state"),
        [
            ("retry", JobState.SCHEDULED),
            ("retry", JobState.DEAD),
            ("cancel", JobState.READY),
            ("change", JobState.READY),
            ("delete", JobState.SCHEDULED),
            ("delete", JobState.COMPLETED),
        ],
        ids=str,
    )
    async def test_leaves_all_others_as_they_are(self, world: World, operation: str, state: JobState) -> None:
        """Waiting or finished."""
        finished_first = sorted(IN_EACH_STATE, key=lambda each: each in (JobState.READY, JobState.SCHEDULED))
        others = [await a_job_in(world, each) for _ in range(2) for each in finished_first]
        target = await a_job_in(world, state)
        before = [await world.job(job_id) for job_id in others]

        match operation:
            case "change":
                await world.operations.change(target, priority=7)
            case _:
                await getattr(world.operations, operation)(target)

        assert [await world.job(job_id) for job_id in others] == before

    @pytest.mark.parametrize("operation", ["retry", "cancel", "change", "delete"])
    async def test_one_that_is_not_there_is_not_found(self, world: World, operation: str) -> None:
        """Whatever state others are in."""
        for state in (JobState.READY, JobState.DEAD):
            await a_job_in(world, state)

        with pytest.raises(JobNotFound):
            await getattr(world.operations, operation)(JobId(1001001))


class TestActingOnOneQueue:
    """Others are paused, too."""

    async def test_resuming_it_leaves_the_others_paused(self, world: World) -> None:
        """Their workers find nothing."""
        for name in ("mail", "paper"):
            await world.room.pause(name)
            await world.queue(name).enqueue(CheckFraud("A-1001"))

        await world.room.resume("mail")

        mail, paper = [await world.worker({"fraud.check": 25}, queue=name) for name in ("mail", "paper")]
        assert len(await mail.claim()) == 1
        assert await paper.claim() == []
