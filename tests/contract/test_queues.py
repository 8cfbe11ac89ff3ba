"""Several queues, and several pools on one."""

import asyncio

import pytest

from domain.jobs import JobState, current_job
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt


class TestQueues:
    """Each queue has its own jobs."""

    async def test_a_job_runs_on_the_queue_it_was_enqueued_on(self, world: World) -> None:
        """Though another queue knows its type, too."""
        mail, paper = world.queue("mail"), world.queue("paper")
        seen: list[tuple[str, str]] = []

        async def send_receipt(job: SendReceipt) -> None:
            seen.append((current_job().queue, job.order))

        await world.run(mail, send_receipt)
        await world.run(paper, send_receipt)
        await mail.enqueue(SendReceipt("A-1001"))
        await paper.enqueue(SendReceipt("B-2002"))
        await world.eventually(lambda: len(seen) == 2)

        assert sorted(seen) == [("mail", "A-1001"), ("paper", "B-2002")]

    async def test_jobs_of_a_queue_nobody_runs_wait(self, world: World) -> None:
        """The pool of another queue leaves them alone."""
        mail, paper = world.queue("mail"), world.queue("paper")

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        await world.run(mail, send_receipt)
        waiting = await paper.enqueue(SendReceipt("B-2002"), priority=-32_768)
        await world.reaches(await mail.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)

        assert await world.counts("paper") == {JobState.READY: 1}
        assert (await world.job(waiting)).attempts == ()

    @pytest.mark.parametrize("name", ["", "q" * 100, "Rechnungen & Mahnungen", "キュー", "a \"quoted\" 'name'; --"])
    async def test_any_printable_name_will_do(self, world: World, name: str) -> None:
        """Up to a hundred characters, the empty name included; workers are woken in all of them."""
        queue = world.queue(name)

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        await world.run(queue, send_receipt)
        job = await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)

        assert job.queue == name
        assert await world.counts(name) == {JobState.COMPLETED: 1}

    async def test_two_pools_on_one_queue_share_the_work(self, world: World) -> None:
        """Both run jobs at the same time, each job once."""
        one, other = world.queue("mail", pool_size=1), world.queue("mail", pool_size=1)
        both_busy = asyncio.Barrier(2)
        runners: list[tuple[str, str]] = []

        async def send_receipt(job: SendReceipt) -> None:
            runners.append(("one", job.order))
            await both_busy.wait()

        async def send_receipt_too(job: SendReceipt) -> None:
            runners.append(("other", job.order))
            await both_busy.wait()

        await world.run(one, send_receipt)
        await world.run(other, send_receipt_too)
        ids = await one.enqueue([SendReceipt(f"A-{number}") for number in range(6)])
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)

        assert sorted(order for _, order in runners) == [f"A-{number}" for number in range(6)]
        assert sorted(name for name, _ in runners) == ["one"] * 3 + ["other"] * 3

    async def test_no_more_run_at_once_than_the_pool_is_large(self, world: World) -> None:
        """And no fewer while there is work."""
        queue = world.queue(pool_size=3)
        running: list[int] = []
        most: list[int] = []
        three = asyncio.Barrier(3)

        async def reserve_stock(job: ReserveStock) -> None:
            running.append(current_job().id)
            most.append(len(running))
            await three.wait()
            running.remove(current_job().id)

        await queue.enqueue([ReserveStock("SMALL-FORK")] * 30)
        await world.run(queue, reserve_stock)
        await world.eventually(lambda: len(most) == 30 and not running)

        assert max(most) == 3
