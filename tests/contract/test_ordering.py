"""Which job comes first."""

from datetime import timedelta

import pytest

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt


@pytest.mark.parametrize("pool_size", [1, 10], ids=["claimed one by one", "claimed at once"])
class TestOrdering:
    """By priority, then run_at, then order of enqueue."""

    async def test_a_lower_number_runs_first(self, world: World, pool_size: int) -> None:
        """Enqueued at the same time, the one with the lowest priority number is taken first."""
        queue = world.queue(pool_size=pool_size)
        order: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            order.append(job.article)

        for article, priority in (("LAMP", 0), ("FORK", 7), ("PIANO", -32_768), ("CHAIR", -1)):
            await queue.enqueue(ReserveStock(article), priority=priority)
        await world.run(queue, reserve_stock)
        await world.eventually(lambda: len(order) == 4)

        assert order == ["PIANO", "CHAIR", "LAMP", "FORK"]

    async def test_of_one_priority_the_earlier_run_at_runs_first(self, world: World, pool_size: int) -> None:
        """Whoever waits longer is served first, whenever it was enqueued."""
        queue = world.queue(pool_size=pool_size)
        order: list[str] = []
        now = world.clock.now()

        async def reserve_stock(job: ReserveStock) -> None:
            order.append(job.article)

        await queue.enqueue(ReserveStock("NOW"))
        await queue.enqueue(ReserveStock("MINUTE"), run_at=now - timedelta(minutes=1))
        await queue.enqueue(ReserveStock("HOUR"), run_at=now - timedelta(hours=1))
        await queue.enqueue(ReserveStock("URGENT"), priority=-1)
        await world.run(queue, reserve_stock)
        await world.eventually(lambda: len(order) == 4)

        assert order == ["URGENT", "HOUR", "MINUTE", "NOW"]

    async def test_of_one_instant_the_first_enqueued_runs_first(self, world: World, pool_size: int) -> None:
        """Lists keep their order, and so do calls that follow each other."""
        queue = world.queue(pool_size=pool_size)
        order: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            order.append(job.article)

        async def send_receipt(job: SendReceipt) -> None:
            order.append(job.order)

        await queue.enqueue([ReserveStock("B"), SendReceipt("A"), ReserveStock("D")])
        await queue.enqueue(SendReceipt("C"))
        await world.run(queue, reserve_stock, send_receipt)
        await world.eventually(lambda: len(order) == 4)

        assert order == ["B", "A", "D", "C"]

    async def test_scheduled_jobs_come_in_the_order_of_their_time(self, world: World, pool_size: int) -> None:
        """Also when they become due together."""
        queue = world.queue(pool_size=pool_size)
        order: list[str] = []
        now = world.clock.now()

        async def reserve_stock(job: ReserveStock) -> None:
            order.append(job.article)

        for minutes in (30, 10, 20):
            await queue.enqueue(ReserveStock(f"{minutes} min"), run_at=now + timedelta(minutes=minutes))
        world.clock.advance(timedelta(hours=1))
        await world.run(queue, reserve_stock)
        await world.eventually(lambda: len(order) == 3)

        assert order == ["10 min", "20 min", "30 min"]


class TestClaims:
    """The same order decides which jobs are claimed at all."""

    async def test_a_claim_takes_the_first_ones(self, world: World) -> None:
        """What is left over are the last ones."""
        queue = world.queue()
        ids = [await queue.enqueue(ReserveStock("FORK"), priority=priority) for priority in (3, 1, 2, 0)]
        worker = await world.worker({(await world.job(ids[0])).type: 25})

        claimed = await worker.claim(limit=2)

        assert [job.id for job in claimed] == [ids[3], ids[1]]
        assert await world.counts() == {JobState.RUNNING: 2, JobState.READY: 2}
