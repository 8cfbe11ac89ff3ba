"""What a job func writes, what it enqueues and the completion of its job are one commit."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.jobs import Discard, JobState, RetryPolicy, Snooze, current_job
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt

A_DAY = timedelta(days=1)


class Panic(BaseException):
    """The worst that a job func can raise."""


class TestCommit:
    """A job func that ends well."""

    async def test_everything_appears_at_once(self, world: World) -> None:
        """Before it ends nobody sees its effect or the job it enqueued; then all of it, and the job completed."""
        queue = world.queue()
        written, may_end = asyncio.Event(), asyncio.Event()

        async def reserve_stock(job: ReserveStock) -> None:
            async with world.unit_of_work:
                await world.write(job.article)
                await queue.enqueue(SendReceipt("A-1001"))
            written.set()
            await may_end.wait()

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(written.is_set)
        assert await world.effects() == []
        assert await world.counts() == {JobState.RUNNING: 1}
        may_end.set()
        await world.reaches(job_id, JobState.COMPLETED)

        assert await world.effects() == ["CRUNCHY-ARMCHAIR"]
        assert await world.counts() == {JobState.COMPLETED: 1, JobState.READY: 1}

    async def test_the_job_func_sees_its_own_writes(self, world: World) -> None:
        """In the same block, and in a later one: blocks follow each other in one transaction."""
        queue = world.queue()
        seen: list[list[str]] = []

        async def reserve_stock(job: ReserveStock) -> None:
            for number in (1, 2):
                async with world.unit_of_work:
                    await world.write(f"{job.article} {number}")
                seen.append(list(await world.effects_seen_inside()))

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("FORK")), JobState.COMPLETED)

        assert seen == [["FORK 1"], ["FORK 1", "FORK 2"]]

    async def test_jobs_can_be_enqueued_without_a_block(self, world: World) -> None:
        """In a job func enqueue joins by itself, for every queue, and what is enqueued runs afterwards."""
        warehouse, mail = world.queue("warehouse"), world.queue("mail")
        enqueued, may_end = asyncio.Event(), asyncio.Event()
        sent: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            await asyncio.gather(mail.enqueue(SendReceipt("A-1001")), mail.enqueue(SendReceipt("A-1002")))
            enqueued.set()
            await may_end.wait()

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job.order)

        await world.run(warehouse, reserve_stock)
        await world.run(mail, send_receipt)
        await warehouse.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(enqueued.is_set)
        assert await world.counts("mail") == {}
        may_end.set()
        await world.eventually(lambda: sorted(sent) == ["A-1001", "A-1002"])

    async def test_a_block_waits_for_an_enqueue_that_is_under_way(self, world: World) -> None:
        """One that another task of the job func has begun: a connection does one thing at a time."""
        queue, mail = world.queue(), world.queue("mail")

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write("to begin with")
            letters = [SendReceipt(f"A-{number}") for number in range(1_000)]
            await asyncio.gather(mail.enqueue(letters), world.write(job.article))

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("FORK")), JobState.COMPLETED)

        assert await world.effects() == ["FORK", "to begin with"]
        assert await world.counts("mail") == {JobState.READY: 1_000}

    async def test_what_a_task_left_behind_is_enqueuing_is_part_of_the_commit(self, world: World) -> None:
        """Where the enqueue was under way when the job func returned: the commit waits for it."""
        queue, mail = world.queue(), world.queue("mail")
        left_behind: list[asyncio.Task[object]] = []

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            letters = [SendReceipt(f"A-{number}") for number in range(1_000)]
            left_behind.append(asyncio.create_task(mail.enqueue(letters)))
            await asyncio.sleep(0)

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("FORK")), JobState.COMPLETED)
        await asyncio.gather(*left_behind)

        assert await world.effects() == ["FORK"]
        assert await world.counts("mail") == {JobState.READY: 1_000}

    async def test_jobs_of_one_pool_do_not_share_a_transaction(self, world: World) -> None:
        """Of two that run at the same time one fails, and the other keeps what it wrote."""
        queue = world.queue()
        both_wrote = asyncio.Barrier(2)

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            await both_wrote.wait()
            if job.pieces == 0:
                msg = "no piece left"
                raise LookupError(msg)

        ids = await queue.enqueue([ReserveStock("LAMP", 0), ReserveStock("FORK", 1)])
        await world.run(queue, reserve_stock)
        await world.reaches(ids[0], JobState.SCHEDULED)
        await world.reaches(ids[1], JobState.COMPLETED)

        assert await world.effects() == ["FORK"]


class TestRollback:
    """A job func that does not end well commits nothing."""

    @pytest.mark.parametrize(
        ("error", "state"),
        [
            (ValueError("out of stock"), JobState.SCHEDULED),
            (Panic(), JobState.SCHEDULED),
            (KeyboardInterrupt(), JobState.SCHEDULED),
            (SystemExit(1), JobState.SCHEDULED),
            (Snooze(A_DAY), JobState.SCHEDULED),
            (Discard("not ours"), JobState.DEAD),
        ],
        ids=lambda value: type(value).__name__,
    )
    async def test_after_a_write(self, world: World, error: BaseException, state: JobState) -> None:
        """Neither the effect nor the job that was enqueued exists."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            await queue.enqueue(SendReceipt("A-1001"))
            raise error

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), state)

        assert await world.effects() == []
        assert await world.counts() == {state: 1}

    async def test_after_the_block_was_left(self, world: World) -> None:
        """Leaving a block commits nothing: finishing the job does."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            async with world.unit_of_work:
                await world.write(job.article)
            raise ConnectionError

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.SCHEDULED)

        assert await world.effects() == []

    async def test_the_attempt_after_it_starts_afresh(self, world: World) -> None:
        """Effects of failed attempts do not add up."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(f"attempt {current_job().attempt}")
            await queue.enqueue(SendReceipt(f"attempt {current_job().attempt}"))
            if current_job().attempt < 3:
                raise ConnectionError

        await world.run(queue, reserve_stock, retry=RetryPolicy(base=timedelta(0)))
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.COMPLETED)

        assert await world.effects() == ["attempt 3"]
        assert await world.counts() == {JobState.COMPLETED: 1, JobState.READY: 1}


class TestSwallowedErrors:
    """An error that the job func hid is a failed attempt all the same, with its pause: no hot loop."""

    async def test_of_a_statement(self, world: World) -> None:
        """Whatever the job func returned, its transaction could not be committed."""

        async def reserve_stock(job: ReserveStock) -> None:
            async with world.unit_of_work:
                await world.write(job.article)
                with pytest.raises(world.StatementFailed):
                    await world.fail_a_statement()

        await self._check(world, reserve_stock)

    async def test_of_a_block(self, world: World) -> None:
        """A block that was left by an exception dooms the unit it joined."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            try:
                async with world.unit_of_work:
                    await queue.enqueue(SendReceipt("A-1001"))
                    raise ConnectionError  # that is what is tested
            except ConnectionError:
                pass

        await self._check(world, reserve_stock)

    async def _check(self, world: World, reserve_stock: Callable[[ReserveStock], object]) -> None:
        queue = world.queue()
        await world.run(queue, reserve_stock)

        job = await world.fails(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), 1)

        assert "UnitOfWorkFailed" in str(job.attempts[0].error)
        assert job.run_at > world.clock.now()
        assert await world.effects() == []
        assert await world.counts() == {JobState.SCHEDULED: 1}
