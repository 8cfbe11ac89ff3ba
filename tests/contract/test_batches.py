"""Job funcs that take a list of jobs at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs import InvalidJobFunc, JobState, NoCurrentJob, RetryPolicy, current_job
from tests.worlds import World
from tests.worlds.deadline import within
from tests.worlds.jobs import CheckFraud, InspectFraud, ReserveStock, SendReceipt

AT_ONCE = RetryPolicy(base=timedelta(0))


class TestBatches:
    """Several jobs of one type, in one transaction with their completion."""

    async def test_what_is_ready_is_taken_at_once(self, world: World) -> None:
        """Up to the batch size, in order; jobs of other types are not among them."""
        queue = world.queue(pool_size=1)
        batches: list[list[str]] = []

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            batches.append([job.article for job in jobs])

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        articles = ["CHAIR", "LAMP", "FORK", "PIANO", "DESK"]
        await queue.enqueue([ReserveStock(article) for article in articles])
        await queue.enqueue(SendReceipt("A-1001"))
        await queue.register_job_func(send_receipt)
        await queue.register_job_func(reserve_stock, batch_size=2)
        await world.run(queue)
        await world.eventually(lambda: sum(map(len, batches)) == 5)

        assert [article for batch in batches for article in batch] == articles
        assert max(map(len, batches)) == 2

    async def test_it_commits_as_one(self, world: World) -> None:
        """Before the end nobody sees anything of it, then all of it."""
        queue = world.queue()
        written, may_end = asyncio.Event(), asyncio.Event()

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            for job in jobs:
                await world.write(job.article)
                await queue.enqueue(SendReceipt(job.article))
            written.set()
            await may_end.wait()

        await queue.enqueue([ReserveStock("CHAIR"), ReserveStock("LAMP"), ReserveStock("FORK")])
        await world.run(queue, reserve_stock)
        await within(written.wait())
        assert await world.effects() == []
        assert await world.counts() == {JobState.RUNNING: 3}
        may_end.set()

        async def all_completed() -> bool:
            return await world.counts() == {JobState.COMPLETED: 3, JobState.READY: 3}

        await world.eventually(all_completed)
        assert await world.effects() == ["CHAIR", "FORK", "LAMP"]

    async def test_a_bad_one_does_not_hold_up_the_rest(self, world: World) -> None:
        """The batch fails as a whole, and its jobs are tried again one by one."""
        queue = world.queue(pool_size=1)
        batches: list[list[str]] = []

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            batches.append([job.article for job in jobs])
            for job in jobs:
                await world.write(job.article)
                if job.pieces == 0:
                    msg = f"no {job.article} left"
                    raise LookupError(msg)

        ids = await queue.enqueue([ReserveStock("CHAIR"), ReserveStock("LAMP", 0), ReserveStock("FORK")])
        await world.run(queue, reserve_stock, retry=RetryPolicy(max_attempts=2, base=timedelta(0)))
        for job_id in (ids[0], ids[2]):
            job = await world.reaches(job_id, JobState.COMPLETED)
            assert len(job.attempts) == 2
        dead = await world.reaches(ids[1], JobState.DEAD)

        assert batches[0] == ["CHAIR", "LAMP", "FORK"]
        assert sorted(batches[1:]) == [["CHAIR"], ["FORK"], ["LAMP"]]
        assert ["no LAMP left" in str(attempt.error) for attempt in dead.attempts] == [True, True]
        assert await world.effects() == ["CHAIR", "FORK"]

    async def test_an_unreadable_one_is_dead_and_the_rest_is_run(self, world: World) -> None:
        """It is no reason to fail the others."""
        queue = world.queue()
        inspected: list[int] = []

        async def inspect_fraud(jobs: list[InspectFraud]) -> None:
            inspected.extend(job.customer_number for job in jobs)

        ids = await queue.enqueue([InspectFraud(1), CheckFraud("A-1001"), InspectFraud(2)])
        await world.run(queue, inspect_fraud)
        await world.reaches(ids[1], JobState.DEAD)
        for job_id in (ids[0], ids[2]):
            job = await world.reaches(job_id, JobState.COMPLETED)
            assert len(job.attempts) == 1

        assert sorted(inspected) == [1, 2]

    async def test_one_that_was_lost_takes_nothing_along_but_the_transaction(self, world: World) -> None:
        """A batch of which one job is no longer owned commits nothing."""
        queue = world.queue(pool_name="first")
        running, may_end = asyncio.Event(), asyncio.Event()
        calls: list[int] = []

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            calls.append(len(jobs))
            if len(calls) == 1:
                running.set()
                await may_end.wait()
            for job in jobs:
                await world.write(job.article)

        ids = await queue.enqueue([ReserveStock("CHAIR"), ReserveStock("LAMP")])
        await world.run(queue, reserve_stock, retry=AT_ONCE)
        await within(running.wait())
        await world.freeze("first")
        await world.maintain()
        may_end.set()
        world.clock.advance(timedelta(seconds=1))
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)

        assert await world.effects() == ["CHAIR", "LAMP"]

    async def test_there_is_no_current_job(self, world: World) -> None:
        """There are several."""
        queue = world.queue()
        refused: list[type[Exception]] = []

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            with pytest.raises(NoCurrentJob) as error:
                current_job()
            refused.append(type(error.value))

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CHAIR")), JobState.COMPLETED)

        assert refused == [NoCurrentJob]

    async def test_at_shutdown_all_of_it_is_handed_back(self, world: World) -> None:
        """No attempt is counted against any of the jobs."""
        queue = world.queue()
        running = asyncio.Event()

        async def reserve_stock(jobs: list[ReserveStock]) -> None:
            for job in jobs:
                await world.write(job.article)
            running.set()
            await asyncio.Event().wait()

        ids = await queue.enqueue([ReserveStock("CHAIR"), ReserveStock("LAMP")])
        await world.run(queue, reserve_stock)
        await within(running.wait())
        await within(queue.shutdown(timedelta(0)))

        assert await world.counts() == {JobState.READY: 2}
        assert [(await world.job(job_id)).attempts for job_id in ids] == [(), ()]
        assert await world.effects() == []


async def takes_one(job: SendReceipt) -> None:
    """Take a single job."""


async def takes_several(jobs: list[SendReceipt]) -> None:
    """Take a batch."""


async def takes_texts(jobs: list[str]) -> None:
    """Take what is no job."""


async def takes_anything(jobs: list) -> None:  # type: ignore[type-arg]
    """Do not say what."""


class TestRegistration:
    """Told by the annotation."""

    @pytest.mark.parametrize("job_func", [takes_texts, takes_anything])
    async def test_a_list_of_something_else_is_refused(self, world: World, job_func: Any) -> None:
        """The message says what is expected."""
        with pytest.raises(InvalidJobFunc, match="list of it for a batch"):
            await world.queue().register_job_func(job_func)

    @pytest.mark.parametrize(("job_func", "size"), [(takes_one, 10), (takes_several, 0), (takes_several, 1_000_000)])
    async def test_an_impossible_batch_size_is_refused(self, world: World, job_func: Any, size: int) -> None:
        """It is one that makes sense, and is for batches."""
        with pytest.raises(InvalidJobFunc, match="batch_size"):
            await world.queue().register_job_func(job_func, batch_size=size)
