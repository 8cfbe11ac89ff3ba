"""How a pool does, as its process sees it."""

import asyncio

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import SendReceipt


class TestPulse:
    """What the health of a worker process is made of."""

    async def test_only_a_running_pool_has_one(self, world: World) -> None:
        """Not before the first job func, and not after the shutdown."""
        queue = world.queue("emails")

        async def send_receipt(job: SendReceipt) -> None:
            pass

        before = queue.pulse()
        await world.run(queue, send_receipt)
        running = queue.pulse()
        await queue.shutdown()

        assert before is None
        assert running is not None
        assert (running.queue, running.running) == ("emails", 0)
        assert queue.pulse() is None

    async def test_a_pool_at_work_claims_and_is_not_late(self, world: World) -> None:
        """Also while all of its places are taken."""
        queue = world.queue(pool_size=1)
        running, finish = asyncio.Event(), asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            running.set()
            await finish.wait()

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await running.wait()
        pulse = queue.pulse()
        finish.set()
        await world.reaches(job_id, JobState.COMPLETED)

        assert pulse is not None
        assert pulse.running == 1
        assert pulse.late < 20

        await world.eventually(lambda: (now := queue.pulse()) is not None and now.since_claim is not None)
