"""Which job runs here."""

import asyncio
from datetime import timedelta

import pytest

from domain.jobs import CurrentJob, JobState, NoCurrentJob, current_job
from tests.worlds import World
from tests.worlds.jobs import CheckFraud


class TestCurrentJob:
    """What a job func can know of its job."""

    async def test_tells_id_attempt_queue_type_and_time(self, world: World) -> None:
        """The id is that which enqueue returned."""
        queue = world.queue("security")
        seen: list[CurrentJob] = []

        async def check_fraud(job: CheckFraud) -> None:
            seen.append(current_job())

        enqueued_at = world.clock.now()
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        world.clock.advance(timedelta(minutes=1))
        await world.run(queue, check_fraud)
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [CurrentJob(job_id, 1, "security", "fraud.check", enqueued_at)]

    async def test_the_id_is_the_same_in_every_attempt(self, world: World) -> None:
        """So it can be the idempotency key for effects elsewhere."""
        queue = world.queue()
        seen: list[tuple[int, int]] = []

        async def check_fraud(job: CheckFraud) -> None:
            seen.append((current_job().id, current_job().attempt))
            if len(seen) < 3:
                raise ConnectionError

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        for times in (1, 2):
            await world.fails(job_id, times)
            world.clock.advance(timedelta(hours=1))
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [(job_id, 1), (job_id, 2), (job_id, 3)]

    async def test_tasks_of_the_job_func_know_it_and_jobs_beside_it_do_not_mix(self, world: World) -> None:
        """Each of two jobs that run at the same time sees itself."""
        queue = world.queue()
        both_running = asyncio.Barrier(2)
        seen: dict[str, int] = {}

        async def look(job: CheckFraud) -> None:
            await both_running.wait()
            seen[job.order] = current_job().id

        async def check_fraud(job: CheckFraud) -> None:
            await asyncio.create_task(look(job))

        ids = await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        await world.run(queue, check_fraud)
        await world.eventually(lambda: len(seen) == 2)

        assert seen == {"A-1001": ids[0], "A-1002": ids[1]}

    async def test_there_is_none_outside(self, world: World) -> None:
        """Neither before a job runs nor after, and the error says so."""
        queue = world.queue()

        async def check_fraud(job: CheckFraud) -> None:
            current_job()

        with pytest.raises(NoCurrentJob, match="only inside a job func"):
            current_job()
        await world.run(queue, check_fraud)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)
        with pytest.raises(NoCurrentJob):
            current_job()
