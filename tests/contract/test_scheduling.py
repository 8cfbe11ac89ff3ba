"""Not before its time."""

from datetime import datetime, timedelta, timezone

import pytest

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt

A_MOMENT = timedelta(microseconds=1)
TEN_MINUTES = timedelta(minutes=10)


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


class TestScheduling:
    """A job with a run_at."""

    async def test_it_waits_until_its_time(self, world: World) -> None:
        """A moment before nobody runs it, though others run; at the time it runs."""
        queue = world.queue()
        await world.run(queue, send_receipt)
        later = await queue.enqueue(
            SendReceipt("A-1001"),
            run_at=world.clock.now() + TEN_MINUTES,
            priority=-32_768,
        )
        assert await world.state_of(later) is JobState.SCHEDULED

        world.clock.advance(TEN_MINUTES - A_MOMENT)
        await world.reaches(await queue.enqueue(SendReceipt("B-2002")), JobState.COMPLETED)
        job = await world.job(later)
        assert (job.state, job.attempts) == (JobState.SCHEDULED, ())

        world.clock.advance(A_MOMENT)
        job = await world.reaches(later, JobState.COMPLETED)
        assert job.attempts[0].started_at == job.run_at

    async def test_it_does_not_wait_for_the_poll_interval(self, world: World) -> None:
        """A pool that has nothing to do wakes up for a job that becomes due."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        await world.run(queue, send_receipt)
        job_id = await queue.enqueue(SendReceipt("A-1001"), run_at=world.clock.now() + TEN_MINUTES)

        world.clock.advance(TEN_MINUTES)

        await world.reaches(job_id, JobState.COMPLETED)

    async def test_a_time_that_has_passed_is_now(self, world: World) -> None:
        """The job is ready at once, and keeps the time it was given."""
        queue = world.queue()
        yesterday = world.clock.now() - timedelta(days=1)

        job_id = await queue.enqueue(SendReceipt("A-1001"), run_at=yesterday)
        job = await world.job(job_id)

        assert (job.state, job.run_at) == (JobState.READY, yesterday)

    async def test_this_very_instant_is_now(self, world: World) -> None:
        """A run_at is the earliest start, so it may start then."""
        job_id = await world.queue().enqueue(SendReceipt("A-1001"), run_at=world.clock.now())

        assert await world.state_of(job_id) is JobState.READY

    async def test_offsets_name_the_same_instant(self, world: World) -> None:
        """It does not matter in which zone a time was written."""
        instant = world.clock.now() + TEN_MINUTES
        elsewhere = instant.astimezone(timezone(timedelta(hours=-9, minutes=-30)))

        job_id = await world.queue().enqueue(SendReceipt("A-1001"), run_at=elsewhere)
        run_at = (await world.job(job_id)).run_at

        assert run_at == instant
        assert run_at.utcoffset() == timedelta(0)

    async def test_all_jobs_of_a_list_wait(self, world: World) -> None:
        """A run_at holds for every job of the list."""
        tomorrow = world.clock.now() + timedelta(days=1)

        await world.queue().enqueue([SendReceipt("A-1001"), ReserveStock("SMALL-FORK")], run_at=tomorrow)

        assert await world.counts() == {JobState.SCHEDULED: 2}

    async def test_many_jobs_that_become_due_together_all_run(self, world: World) -> None:
        """However many they are."""
        queue = world.queue()
        await queue.enqueue([SendReceipt("A-1001")] * 2_500, run_at=world.clock.now() + TEN_MINUTES)
        await world.run(queue, send_receipt)

        world.clock.advance(TEN_MINUTES)

        async def all_done() -> bool:
            return await world.counts() == {JobState.COMPLETED: 2_500}

        await world.eventually(all_done)

    @pytest.mark.parametrize("sooner", [timedelta(0), timedelta(minutes=1)])
    async def test_one_that_is_due_sooner_is_not_hidden_by_one_that_is_due_later(
        self,
        world: World,
        sooner: timedelta,
    ) -> None:
        """A pool that sleeps until the next known time is told of an earlier one."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        now: datetime = world.clock.now()
        await world.run(queue, send_receipt)
        late = await queue.enqueue(SendReceipt("A-1001"), run_at=now + timedelta(minutes=30))
        await world.reaches(await queue.enqueue(SendReceipt("B-2002")), JobState.COMPLETED)
        soon = await queue.enqueue(SendReceipt("A-1002"), run_at=now + sooner)

        world.clock.advance(sooner)

        await world.reaches(soon, JobState.COMPLETED)
        assert await world.state_of(late) is JobState.SCHEDULED
