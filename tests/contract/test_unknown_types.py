"""Jobs of a type that nobody here registered."""

import pytest

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, GreetCustomer, SendReceipt, WelcomeCustomer


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


class TestUnknownTypes:
    """They wait for a worker that knows them."""

    async def test_stay_queued_with_no_attempt_counted(self, world: World) -> None:
        """While jobs of known types, enqueued later, run."""
        queue = world.queue(pool_size=1)
        unknown = await queue.enqueue(CheckFraud("A-1001"), priority=-32_768)
        await world.run(queue, send_receipt)

        for order in ("A-1001", "A-1002"):
            await world.reaches(await queue.enqueue(SendReceipt(order)), JobState.COMPLETED)
        job = await world.job(unknown)

        assert (job.state, job.attempts) == (JobState.READY, ())

    async def test_are_run_by_another_pool_that_knows_them(self, world: World) -> None:
        """Also while the one that does not know them goes on."""
        queue = world.queue()
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, send_receipt)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)
        await world.run(world.queue(), check_fraud)
        await world.reaches(job_id, JobState.COMPLETED)

        assert checked == ["A-1001"]

    async def test_however_many_do_not_hide_the_known_ones(self, world: World) -> None:
        """A backlog of another's jobs is not in the way."""
        queue = world.queue()
        await queue.enqueue([CheckFraud("A-1001")] * 2_000, priority=-1)
        await world.run(queue, send_receipt)

        await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)
        assert await world.counts() == {JobState.READY: 2_000, JobState.COMPLETED: 1}


class TestTypeNames:
    """The stable names under which jobs are stored."""

    async def test_a_name_declared_by_the_class_is_used(self, world: World) -> None:
        """In storage, and to find the job func."""
        queue = world.queue()
        checked: list[CheckFraud] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job)

        await world.run(queue, check_fraud)
        job = await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)

        assert job.type == "fraud.check"
        assert checked == [CheckFraud("A-1001")]

    async def test_without_one_it_is_the_qualified_name(self, world: World) -> None:
        """Module and class."""
        job_id = await world.queue().enqueue(SendReceipt("A-1001"))

        assert (await world.job(job_id)).type == "tests.worlds.jobs.SendReceipt"

    @pytest.mark.parametrize("job", [GreetCustomer("Ada"), WelcomeCustomer("Ada")], ids=lambda job: type(job).__name__)
    async def test_jobs_under_a_former_name_reach_the_renamed_class(
        self,
        world: World,
        job: GreetCustomer | WelcomeCustomer,
    ) -> None:
        """What was enqueued before a class was renamed is run after it."""
        queue = world.queue()
        welcomed: list[WelcomeCustomer] = []

        async def welcome_customer(job: WelcomeCustomer) -> None:
            welcomed.append(job)

        await queue.enqueue(job)
        await world.run(queue, welcome_customer)
        await world.eventually(lambda: welcomed == [WelcomeCustomer("Ada")])
