"""Stopping a pool."""

import asyncio
import contextlib
import threading
from datetime import timedelta

import pytest

from application.jobs.job_queue import JobQueue
from domain.jobs import JobState, RetryPolicy, current_job
from tests.worlds import World
from tests.worlds.deadline import PATIENCE, within
from tests.worlds.jobs import ReserveStock, SendReceipt

NO_GRACE = timedelta(0)
LONG_GRACE = timedelta(hours=1)


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


class LongJob:
    """A job func that writes, and then works until it may end."""

    def __init__(self, world: World) -> None:
        self.running = asyncio.Event()
        self.may_end = asyncio.Event()
        self.attempts: list[int] = []
        self._world = world

    async def __call__(self, job: ReserveStock) -> None:
        """Work for long."""
        self.attempts.append(current_job().attempt)
        await self._world.write(job.article)
        self.running.set()
        await self.may_end.wait()


class TestShutdown:
    """Takes no new jobs, and lets the running ones end."""

    async def test_a_running_job_finishes_and_commits(self, world: World) -> None:
        """Within the grace it may take its time."""
        queue, long_job = world.queue(), LongJob(world)
        await world.run(queue, long_job)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(long_job.running.is_set)

        shutdown = asyncio.create_task(queue.shutdown(LONG_GRACE))
        await asyncio.sleep(0)
        long_job.may_end.set()
        await within(shutdown)

        assert await world.state_of(job_id) is JobState.COMPLETED
        assert await world.effects() == ["CRUNCHY-ARMCHAIR"]
        assert await world.inspection.workers() == []

    async def test_no_job_starts_any_more(self, world: World) -> None:
        """Neither while the last ones run nor after."""
        queue, long_job = world.queue(pool_size=2), LongJob(world)
        await world.run(queue, long_job, send_receipt)
        await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(long_job.running.is_set)

        shutdown = asyncio.create_task(queue.shutdown(LONG_GRACE))
        await asyncio.sleep(0)
        waiting = await queue.enqueue(SendReceipt("A-1001"))
        long_job.may_end.set()
        await within(shutdown)
        job = await world.job(waiting)

        assert (job.state, job.attempts) == (JobState.READY, ())

    async def test_after_the_grace_the_rest_is_cancelled_and_available_at_once(self, world: World) -> None:
        """What they wrote is rolled back, and no attempt is counted against them for the deploy."""
        queue, long_job = world.queue(), LongJob(world)
        await world.run(queue, long_job, retry=RetryPolicy(max_attempts=1))
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(long_job.running.is_set)

        await within(queue.shutdown(NO_GRACE))
        job = await world.job(job_id)
        assert (job.state, job.attempts) == (JobState.READY, ())
        assert await world.effects() == []

        long_job.may_end.set()
        await world.run(world.queue(), long_job, retry=RetryPolicy(max_attempts=1))
        await world.reaches(job_id, JobState.COMPLETED)
        assert long_job.attempts == [1, 1]
        assert await world.effects() == ["CRUNCHY-ARMCHAIR"]

    async def test_jobs_claimed_ahead_are_handed_back_uncounted(self, world: World) -> None:
        """However many the pool held that had not started."""
        queue, long_job = world.queue(pool_size=1), LongJob(world)
        jobs = [SendReceipt(f"A-{number}") for number in range(500)]
        await queue.enqueue([*jobs, ReserveStock("CRUNCHY-ARMCHAIR"), *jobs])
        await world.run(queue, send_receipt, long_job)
        await within(long_job.running.wait())

        await within(queue.shutdown(NO_GRACE))

        assert await world.counts() == {JobState.COMPLETED: 500, JobState.READY: 501}
        await self._runs_everything_as_first_attempts(world, 501)

    async def _runs_everything_as_first_attempts(self, world: World, number: int) -> None:
        attempts: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            attempts.append(current_job().attempt)

        async def send_receipt_again(job: SendReceipt) -> None:
            attempts.append(current_job().attempt)

        await world.run(world.queue(), reserve_stock, send_receipt_again)
        await world.eventually(lambda: len(attempts) == number)
        assert set(attempts) == {1}

    async def test_an_error_that_follows_from_the_cancellation_is_not_counted_either(self, world: World) -> None:
        """The job did not fail by itself: it was stopped."""
        queue = world.queue()
        running = asyncio.Event()

        async def reserve_stock(job: ReserveStock) -> None:
            running.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                msg = "the half-reserved stock is stuck"
                raise RuntimeError(msg) from None

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(running.is_set)
        await within(queue.shutdown(NO_GRACE))
        job = await world.job(job_id)

        assert (job.state, job.attempts) == (JobState.READY, ())

    async def test_a_job_that_ends_well_when_cancelled_is_completed_or_available(self, world: World) -> None:
        """Its writes are there if and only if it is completed."""
        queue = world.queue()
        running = asyncio.Event()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            running.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(running.is_set)
        await within(queue.shutdown(NO_GRACE))
        state = await world.state_of(job_id)

        assert state in (JobState.COMPLETED, JobState.READY)
        assert await world.effects() == (["CRUNCHY-ARMCHAIR"] if state is JobState.COMPLETED else [])

    async def test_a_thread_is_not_waited_for_beyond_the_grace(self, world: World) -> None:
        """It cannot be stopped, but its job is available, and what it returns counts for nothing."""
        queue = world.queue()
        running, may_end = threading.Event(), threading.Event()

        def reserve_stock(job: ReserveStock) -> None:
            running.set()
            may_end.wait(PATIENCE)

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(running.is_set)
        try:
            await within(queue.shutdown(NO_GRACE))
            job = await world.job(job_id)
        finally:
            may_end.set()

        assert (job.state, job.attempts) == (JobState.READY, ())


class TestCallingIt:
    """When and how often one likes."""

    async def test_without_a_running_pool_it_returns_at_once(self, world: World) -> None:
        """There is nothing to stop."""
        await within(world.queue().shutdown())

    async def test_a_second_call_is_a_no_op(self, world: World) -> None:
        """Also while the first is still waiting."""
        queue, long_job = world.queue(), LongJob(world)
        await world.run(queue, long_job)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(long_job.running.is_set)

        first = asyncio.create_task(queue.shutdown(LONG_GRACE))
        await asyncio.sleep(0)
        await within(queue.shutdown(LONG_GRACE))
        assert await world.state_of(job_id) is JobState.RUNNING
        long_job.may_end.set()
        await within(first)
        await within(queue.shutdown(LONG_GRACE))

        assert await world.state_of(job_id) is JobState.COMPLETED

    async def test_enqueue_still_works_afterwards(self, world: World) -> None:
        """The queue is more than its pool."""
        queue = world.queue()
        await world.run(queue, send_receipt)
        await queue.shutdown()

        async with world.unit_of_work:
            await queue.enqueue(SendReceipt("A-1001"))
        await queue.enqueue(SendReceipt("A-1002"))

        assert await world.counts() == {JobState.READY: 2}

    async def test_registering_afterwards_starts_a_pool_again(self, world: World) -> None:
        """With the job funcs it had, and the new one."""
        queue = world.queue()
        await world.run(queue, send_receipt)
        await queue.shutdown()
        long_job = LongJob(world)
        long_job.may_end.set()
        await world.run(queue, long_job)

        for job_id in await queue.enqueue([SendReceipt("A-1001"), ReserveStock("SMALL-FORK")]):
            await world.reaches(job_id, JobState.COMPLETED)

    async def test_leaving_the_block_shuts_down(self, world: World) -> None:
        """`async with` gives the default grace."""
        queue: JobQueue = world.queue()

        async with queue as entered:
            await world.run(queue, send_receipt)
            await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)
            assert len(await world.inspection.workers()) == 1

        assert entered is queue
        assert await world.inspection.workers() == []

    async def test_a_cancelled_call_cancels_the_running_jobs_without_waiting(self, world: World) -> None:
        """Whoever lost patience gets the pool stopped all the same."""
        queue, long_job = world.queue(), LongJob(world)
        await world.run(queue, long_job)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(long_job.running.is_set)

        shutdown = asyncio.create_task(queue.shutdown(LONG_GRACE))
        await asyncio.sleep(0)
        shutdown.cancel()
        with pytest.raises(asyncio.CancelledError):
            await within(shutdown)
        job = await world.job(job_id)

        assert (job.state, job.attempts) == (JobState.READY, ())
        assert await world.effects() == []
        assert await world.inspection.workers() == []

    @pytest.mark.parametrize("turns", [0, 1, 3])
    async def test_right_after_the_start_it_leaves_nothing_behind(self, world: World, turns: int) -> None:
        """Wherever the pool was in starting."""
        queue = world.queue()
        await world.run(queue, send_receipt)
        for _ in range(turns):
            await asyncio.sleep(0)

        await within(queue.shutdown())

        assert await world.inspection.workers() == []

    async def test_as_soon_as_the_pool_is_listed_it_leaves_nothing_behind(self, world: World) -> None:
        """A pool that is still announcing itself can be stopped, too."""
        for name in ("mail", "paper", "pigeon", "telegraph", "drum"):
            queue = world.queue(name)
            await world.run(queue, send_receipt)
            await world.lists(name)

            await within(queue.shutdown())

            assert await world.inspection.workers() == []

    async def test_one_pool_is_stopped_and_the_others_go_on(self, world: World) -> None:
        """Also on the same queue."""
        one, other = world.queue(), world.queue()
        await world.run(one, send_receipt)
        await world.run(other, send_receipt)

        await one.shutdown()

        await world.reaches(await one.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)
        assert len(await world.inspection.workers()) == 1
