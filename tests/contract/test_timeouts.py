"""Attempts that take too long."""

import asyncio
import threading
from datetime import timedelta

from domain.jobs import JobState, RetryPolicy
from tests.worlds import World
from tests.worlds.deadline import PATIENCE
from tests.worlds.jobs import ReserveStock, SendReceipt

SHORT = timedelta(milliseconds=20)


class TestTimeout:
    """A job func that does not end within its timeout has failed."""

    async def test_it_is_cancelled_and_counted(self, world: World) -> None:
        """Its writes are rolled back, and the error tells the timeout."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            await world.write(job.order)
            await asyncio.Event().wait()

        await world.run(queue, send_receipt, timeout=SHORT)
        job = await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.SCHEDULED)

        assert len(job.attempts) == 1
        assert "timeout of 0.02 s" in str(job.attempts[0].error)
        assert await world.effects() == []

    async def test_swallowing_the_cancellation_does_not_help(self, world: World) -> None:
        """An attempt over its time has failed, whatever it returns."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            await world.write(job.order)
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return

        await world.run(queue, send_receipt, timeout=SHORT, retry=RetryPolicy(max_attempts=1))
        job = await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.DEAD)

        assert "timeout" in str(job.attempts[0].error)
        assert await world.effects() == []

    async def test_a_thread_over_its_time_is_counted_as_failed(self, world: World) -> None:
        """It cannot be stopped, but what it returns later counts for nothing."""
        queue = world.queue()
        may_end = threading.Event()

        def send_receipt(job: SendReceipt) -> None:
            may_end.wait(PATIENCE)

        await world.run(queue, send_receipt, timeout=SHORT)
        job_id = await queue.enqueue(SendReceipt("A-1001"))
        try:
            await world.reaches(job_id, JobState.SCHEDULED)
        finally:
            may_end.set()

        assert len((await world.job(job_id)).attempts) == 1

    async def test_one_that_ends_in_time_is_left_alone(self, world: World) -> None:
        """A timeout is a bound, not a delay; and a TimeoutError of its own is its own."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            if job.pieces == 0:
                msg = "the warehouse does not answer"
                raise TimeoutError(msg)
            await world.write(job.article)

        await world.run(queue, reserve_stock, timeout=timedelta(hours=1))
        completed, failed = await queue.enqueue([ReserveStock("SMALL-FORK"), ReserveStock("SMALL-FORK", 0)])
        await world.reaches(completed, JobState.COMPLETED)
        job = await world.reaches(failed, JobState.SCHEDULED)

        assert "the warehouse does not answer" in str(job.attempts[0].error)
        assert await world.effects() == ["SMALL-FORK"]
