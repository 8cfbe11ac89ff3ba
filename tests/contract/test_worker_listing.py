"""Which pools run."""

import os
import socket
from datetime import timedelta

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, SendReceipt
from tests.worlds.world import ENDLESS_LEASE


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


async def check_fraud(job: CheckFraud) -> None:
    """Find nothing."""


class TestWorkerListing:
    """What a pool says of itself."""

    async def test_shows_a_pool_while_it_runs(self, world: World) -> None:
        """Its name, queue, size, types and version, and when it was last heard of."""
        queue = world.queue("mail", pool_name="mailroom", pool_size=7, version="2026.1")
        await world.run(queue, check_fraud, send_receipt)

        await world.eventually(lambda: self._types(world, ("fraud.check", "tests.worlds.jobs.SendReceipt")))

        (worker,) = await world.inspection.workers()
        assert (worker.pool_name, worker.queue, worker.size) == ("mailroom", "mail", 7)
        assert worker.types == ("fraud.check", "tests.worlds.jobs.SendReceipt")
        assert (worker.version, worker.lease) == ("2026.1", ENDLESS_LEASE)
        assert (worker.host, worker.pid) == (socket.gethostname(), os.getpid())
        assert worker.started_at == worker.last_seen == world.clock.now()
        assert (worker.owned, worker.busy) == (0, 0)

    async def test_counts_the_jobs_it_runs_and_not_those_it_ran(self, world: World) -> None:
        """One that waits for a retry is nobody's."""
        worker = await world.worker({"fraud.check": 25})
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        failed, _ = await worker.claim()
        await worker.retry(failed, timedelta(hours=1))

        await world.worker({"fraud.check": 25}, pool_name="idle")

        owned = {shown.pool_name: (shown.owned, shown.busy) for shown in await world.inspection.workers()}

        assert owned == {"by-hand": (1, 1), "idle": (0, 0)}

    async def test_shows_a_pool_no_more_after_shutdown(self, world: World) -> None:
        """It left."""
        queue = world.queue(pool_name="mailroom")
        await world.run(queue, send_receipt)
        await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)
        assert await self._number(world, 1)

        await queue.shutdown()

        assert await self._number(world, 0)

    async def test_shows_types_that_were_registered_late(self, world: World) -> None:
        """The same pool knows more than before."""
        queue = world.queue(pool_name="mailroom")
        await world.run(queue, check_fraud)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)
        await queue.register_job_func(send_receipt)

        await world.eventually(lambda: self._types(world, ("fraud.check", "tests.worlds.jobs.SendReceipt")))

    async def test_shows_a_type_registered_while_the_pool_announces_itself(self, world: World) -> None:
        """It does not matter how far the pool has come with its start."""
        for name in ("mail", "paper", "pigeon", "telegraph", "drum"):
            queue = world.queue(name)
            await world.run(queue, check_fraud)
            await world.lists(name)
            await queue.register_job_func(send_receipt)
            await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)

            await world.eventually(lambda: self._types(world, ("fraud.check", "tests.worlds.jobs.SendReceipt")))
            await queue.shutdown()

    async def test_shows_all_pools_or_those_of_one_queue(self, world: World) -> None:
        """By queue and name."""
        for queue, name in (("paper", "ground floor"), ("mail", "second floor"), ("mail", "first floor")):
            await world.run(world.queue(queue, pool_name=name), send_receipt)
        await world.eventually(lambda: self._number(world, 3))

        workers = await world.inspection.workers()
        assert [(worker.queue, worker.pool_name) for worker in workers] == [
            ("mail", "first floor"),
            ("mail", "second floor"),
            ("paper", "ground floor"),
        ]
        assert await world.inspection.workers("paper") == workers[2:]
        assert await world.inspection.workers("nowhere") == []

    async def test_pools_without_a_name_get_one_each(self, world: World) -> None:
        """Names that are not given are random."""
        for _ in range(2):
            await world.run(world.queue(), send_receipt)
        await world.eventually(lambda: self._number(world, 2))

        names = {worker.pool_name for worker in await world.inspection.workers()}
        assert len(names) == 2
        assert all(names)

    async def test_a_pool_is_heard_of_again_and_again(self, world: World) -> None:
        """Its heartbeat moves with the time."""
        queue = world.queue(lease=timedelta(hours=1))
        await world.run(queue, send_receipt)
        await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)

        world.clock.advance(timedelta(minutes=20))

        await world.eventually(lambda: self._was_seen_now(world))

    async def _types(self, world: World, types: tuple[str, ...]) -> bool:
        return [worker.types for worker in await world.inspection.workers()] == [types]

    async def _number(self, world: World, number: int) -> bool:
        return len(await world.inspection.workers()) == number

    async def _was_seen_now(self, world: World) -> bool:
        return [worker.last_seen for worker in await world.inspection.workers()] == [world.clock.now()]
