"""Handing jobs over."""

import json
from dataclasses import dataclass, field
from decimal import Decimal

from domain.jobs import Job, JobId, JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt


class TestEnqueueing:
    """What was enqueued runs, with equal payloads."""

    async def test_one_job_runs_with_an_equal_payload(self, world: World) -> None:
        """The job func gets a job that is equal to the one enqueued."""
        queue = world.queue()
        sent: list[SendReceipt] = []

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job)

        job_id = await queue.enqueue(SendReceipt("A-1001", Decimal("249.00")))
        await world.run(queue, send_receipt)
        await world.reaches(job_id, JobState.COMPLETED)

        assert isinstance(job_id, JobId)
        assert sent == [SendReceipt("A-1001", Decimal("249.00"))]

    async def test_a_list_of_one_type_runs(self, world: World) -> None:
        """Each job of a list runs once."""
        queue = world.queue()
        reserved: list[ReserveStock] = []
        articles = [ReserveStock("CRUNCHY-ARMCHAIR"), ReserveStock("SMALL-FORK", 12)]

        async def reserve_stock(job: ReserveStock) -> None:
            reserved.append(job)

        ids = await queue.enqueue(articles)
        await world.run(queue, reserve_stock)
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)

        assert sorted(reserved, key=str) == articles

    async def test_a_list_of_mixed_types_runs(self, world: World) -> None:
        """Each job of a list reaches the job func of its own type, also one with a type name of its own."""
        queue = world.queue()
        seen: list[object] = []

        async def send_receipt(job: SendReceipt) -> None:
            seen.append(job)

        async def reserve_stock(job: ReserveStock) -> None:
            seen.append(job)

        async def check_fraud(job: CheckFraud) -> None:
            seen.append(job)

        jobs: list[Job] = [
            CheckFraud("A-1001"),
            ReserveStock("CRUNCHY-ARMCHAIR"),
            SendReceipt("A-1001"),
            CheckFraud("A-1002"),
        ]
        await queue.enqueue(jobs)
        await world.run(queue, send_receipt, reserve_stock, check_fraud)
        await world.eventually(lambda: len(seen) == 4)

        assert sorted(seen, key=str) == sorted(jobs, key=str)

    async def test_the_ids_come_in_the_order_of_the_list(self, world: World) -> None:
        """The n-th id is that of the n-th job, and ids grow."""
        queue = world.queue()

        ids = await queue.enqueue([ReserveStock(f"ARTICLE-{number}") for number in range(50)])
        payloads = [json.loads((await world.job(job_id)).payload)["article"] for job_id in ids]

        assert payloads == [f"ARTICLE-{number}" for number in range(50)]
        assert ids == sorted(set(ids))

    async def test_a_tuple_is_a_list_of_jobs(self, world: World) -> None:
        """A tuple of jobs is as good as a list."""
        ids = await world.queue().enqueue((SendReceipt("A-1001"), ReserveStock("SMALL-FORK")))

        assert len(ids) == 2
        assert await world.counts() == {JobState.READY: 2}

    async def test_a_list_may_be_longer_than_a_statement_has_parameters(self, world: World) -> None:
        """Tens of thousands of jobs are enqueued at once."""
        ids = await world.queue().enqueue([ReserveStock("SMALL-FORK")] * 20_000)

        assert len(set(ids)) == 20_000
        assert await world.counts() == {JobState.READY: 20_000}

    async def test_a_job_waits_as_it_was_enqueued(self, world: World) -> None:
        """What was said at enqueue is seen through the inspection."""
        job_id = await world.queue("mail").enqueue(CheckFraud("A-1001"), priority=-5)

        job = await world.job(job_id)

        assert (job.id, job.queue, job.type, job.priority) == (job_id, "mail", "fraud.check", -5)
        assert json.loads(job.payload) == {"order": "A-1001"}
        assert (job.state, job.attempts, job.finished_at) == (JobState.READY, (), None)
        assert (job.run_at, job.enqueued_at) == (world.clock.now(), world.clock.now())

    async def test_a_job_may_be_enqueued_before_anybody_knows_its_type(self, world: World) -> None:
        """No job func needs to be registered where jobs are enqueued, and a later one runs them."""
        queue = world.queue()
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.queue().enqueue(CheckFraud("A-1001"))
        await world.run(queue, check_fraud)
        await world.eventually(lambda: checked == ["A-1001"])

    async def test_changing_a_job_after_enqueue_changes_nothing(self, world: World) -> None:
        """Values are copied in."""
        queue = world.queue()
        basket = FillBasket(["CRUNCHY-ARMCHAIR"])
        filled: list[list[str]] = []

        async def fill_basket(job: FillBasket) -> None:
            filled.append(job.articles)

        await queue.enqueue(basket)
        basket.articles.append("SMALL-FORK")
        await world.run(queue, fill_basket)
        await world.eventually(lambda: filled == [["CRUNCHY-ARMCHAIR"]])


@dataclass
class FillBasket:
    """A job whose class was not made frozen."""

    articles: list[str] = field(default_factory=list[str])
