"""Several writes and enqueues as one commit."""

import asyncio

import pytest

from domain.jobs import EnqueueFailed, JobId, JobNotFound, JobState, UnitOfWorkFailed
from tests.worlds import World
from tests.worlds.deadline import within
from tests.worlds.isolation import apart
from tests.worlds.jobs import ReserveStock, SendReceipt


class CardDeclined(Exception):
    """The business says no."""


class TestCommit:
    """A unit that ends well."""

    async def test_leaves_exactly_one_job_and_its_effects(self, world: World) -> None:
        """The job and the writes are there, once."""
        queue = world.queue()

        async with world.unit_of_work:
            await world.write("order A-1001")
            await queue.enqueue(SendReceipt("A-1001"))

        assert await world.counts() == {JobState.READY: 1}
        assert await world.effects() == ["order A-1001"]

    async def test_shows_nothing_to_others_before(self, world: World) -> None:
        """Neither jobs nor writes can be seen before the unit commits, nor does a worker run the job."""
        queue = world.queue()
        sent: list[str] = []

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job.order)

        await world.run(queue, send_receipt)
        async with world.unit_of_work:
            await world.write("order A-1001")
            job_id = await queue.enqueue(SendReceipt("A-1001"), priority=-1)
            bystander = await apart(queue.enqueue(SendReceipt("B-2002")))
            await world.reaches(bystander, JobState.COMPLETED)

            with pytest.raises(JobNotFound):
                await world.job(job_id)
            assert await world.effects() == []
            assert sent == ["B-2002"]

        await world.reaches(job_id, JobState.COMPLETED)
        assert await world.effects() == ["order A-1001"]

    async def test_the_unit_sees_its_own_writes(self, world: World) -> None:
        """What was written is there for what follows in the block."""
        async with world.unit_of_work:
            await world.write("order A-1001")

            assert await world.effects_seen_inside() == ["order A-1001"]

    async def test_jobs_of_several_queues_commit_together(self, world: World) -> None:
        """A unit is not bound to one queue."""
        mail, warehouse = world.queue("mail"), world.queue("warehouse")

        async with world.unit_of_work:
            await mail.enqueue(SendReceipt("A-1001"))
            await warehouse.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
            assert await world.counts() == {}

        assert await world.counts("mail") == {JobState.READY: 1}
        assert await world.counts("warehouse") == {JobState.READY: 1}

    async def test_tasks_started_inside_join(self, world: World) -> None:
        """Concurrent enqueues of one unit are part of it."""
        queue = world.queue()

        async with world.unit_of_work:
            await asyncio.gather(*(queue.enqueue(SendReceipt(f"A-{number}")) for number in range(5)))
            assert await world.counts() == {}

        assert await world.counts() == {JobState.READY: 5}

    async def test_one_object_serves_one_unit_after_the_other(self, world: World) -> None:
        """A unit of work can be entered as often as one likes."""
        queue = world.queue()

        for order in ("A-1001", "A-1002"):
            async with world.unit_of_work:
                await queue.enqueue(SendReceipt(order))

        assert await world.counts() == {JobState.READY: 2}

    async def test_what_is_enqueued_after_the_block_is_on_its_own(self, world: World) -> None:
        """The unit ends with its block, and does not reach beyond."""
        queue = world.queue()

        async with world.unit_of_work:
            await queue.enqueue(SendReceipt("A-1001"))
        await queue.enqueue(SendReceipt("A-1002"))

        assert await world.counts() == {JobState.READY: 2}

    async def test_a_pool_started_inside_is_not_part_of_it(self, world: World) -> None:
        """Its jobs are its own: they commit though the unit is rolled back."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            async with world.unit_of_work:
                await world.write(job.order)
                await queue.enqueue(ReserveStock(job.order))

        with pytest.raises(CardDeclined):
            async with world.unit_of_work:
                await world.write("order A-1001")
                await world.run(queue, send_receipt)
                job_id = await apart(queue.enqueue(SendReceipt("B-2002")))
                await world.reaches(job_id, JobState.COMPLETED)
                raise CardDeclined

        assert await world.effects() == ["B-2002"]
        assert await world.counts() == {JobState.COMPLETED: 1, JobState.READY: 1}


class TestRollback:
    """A unit that does not end well."""

    @pytest.mark.parametrize("error", [CardDeclined, KeyboardInterrupt, SystemExit, GeneratorExit])
    async def test_leaves_no_job_and_no_effect(self, world: World, error: type[BaseException]) -> None:
        """Whatever is raised, nothing is written, and it is raised on."""
        queue = world.queue()

        with pytest.raises(error):
            async with world.unit_of_work:
                await world.write("order A-1001")
                await queue.enqueue([SendReceipt("A-1001"), ReserveStock("CRUNCHY-ARMCHAIR")])
                raise error

        assert await world.counts() == {}
        assert await world.effects() == []

    async def test_cancellation_leaves_no_job_and_no_effect(self, world: World) -> None:
        """A unit whose task is cancelled is rolled back."""
        queue = world.queue()
        inside = asyncio.Event()

        async def place_order() -> None:
            async with world.unit_of_work:
                await world.write("order A-1001")
                await queue.enqueue(SendReceipt("A-1001"))
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(place_order())
        await within(inside.wait())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert await world.counts() == {}
        assert await world.effects() == []

    async def test_the_next_unit_is_not_affected(self, world: World) -> None:
        """After a rollback the same object and the same task go on."""
        queue = world.queue()

        with pytest.raises(CardDeclined):
            async with world.unit_of_work:
                await queue.enqueue(SendReceipt("A-1001"))
                raise CardDeclined
        async with world.unit_of_work:
            await queue.enqueue(SendReceipt("A-1002"))

        assert await world.counts() == {JobState.READY: 1}

    async def test_units_of_two_tasks_are_their_own(self, world: World) -> None:
        """Of two units that one object serves at the same time, one commits and one rolls back."""
        queue = world.queue()
        both_inside = asyncio.Barrier(2)

        async def place_order(order: str, *, declined: bool) -> None:
            async with world.unit_of_work:
                await world.write(order)
                await queue.enqueue(SendReceipt(order))
                await both_inside.wait()
                if declined:
                    raise CardDeclined

        outcomes = await within(
            asyncio.gather(
                place_order("A-1001", declined=True),
                place_order("B-2002", declined=False),
                return_exceptions=True,
            ),
        )

        assert [type(outcome) for outcome in outcomes] == [CardDeclined, type(None)]
        assert await world.counts() == {JobState.READY: 1}
        assert await world.effects() == ["B-2002"]


class TestNesting:
    """A block inside a block joins."""

    async def test_leaving_the_inner_block_does_not_commit(self, world: World) -> None:
        """Only the outermost block does."""
        queue = world.queue()

        async with world.unit_of_work:
            async with world.unit_of_work:
                await world.write("order A-1001")
                await queue.enqueue(SendReceipt("A-1001"))
            assert await world.counts() == {}
            assert await world.effects() == []

        assert await world.counts() == {JobState.READY: 1}
        assert await world.effects() == ["order A-1001"]

    async def test_the_outer_rollback_takes_the_inner_block_along(self, world: World) -> None:
        """An inner block that ended well is undone with the rest."""
        queue = world.queue()

        with pytest.raises(CardDeclined):
            async with world.unit_of_work:
                async with world.unit_of_work:
                    await world.write("order A-1001")
                    await queue.enqueue(SendReceipt("A-1001"))
                raise CardDeclined

        assert await world.counts() == {}
        assert await world.effects() == []

    async def test_a_failed_inner_block_dooms_the_unit(self, world: World) -> None:
        """Swallowing the error does not save it: leaving the outer block says so, and nothing is written."""
        queue = world.queue()

        with pytest.raises(UnitOfWorkFailed, match="rolled back"):
            async with world.unit_of_work:
                await world.write("order A-1001")
                try:
                    async with world.unit_of_work:
                        await queue.enqueue(SendReceipt("A-1001"))
                        raise CardDeclined  # that is what is tested
                except CardDeclined:
                    pass

        assert await world.counts() == {}
        assert await world.effects() == []


class TestSwallowedStatementError:
    """A statement that storage refused, and whose error was swallowed."""

    async def test_the_unit_fails_to_commit(self, world: World) -> None:
        """The unit says so when it ends, and nothing is written."""
        queue = world.queue()

        with pytest.raises(UnitOfWorkFailed, match="rolled back"):
            async with world.unit_of_work:
                await world.write("order A-1001")
                await queue.enqueue(SendReceipt("A-1001"))
                with pytest.raises(world.StatementFailed):
                    await world.fail_a_statement()

        assert await world.counts() == {}
        assert await world.effects() == []

    async def test_enqueue_in_the_broken_unit_says_so(self, world: World) -> None:
        """A unit that can only be rolled back takes no jobs."""
        queue = world.queue()

        with pytest.raises(UnitOfWorkFailed):
            async with world.unit_of_work:
                with pytest.raises(world.StatementFailed):
                    await world.fail_a_statement()
                with pytest.raises(EnqueueFailed):
                    await queue.enqueue(SendReceipt("A-1001"))

        assert await world.counts() == {}

    async def test_one_that_is_raised_on_is_raised_as_it_is(self, world: World) -> None:
        """An error that was not swallowed is not replaced by another."""
        with pytest.raises(world.StatementFailed):
            async with world.unit_of_work:
                await world.write("order A-1001")
                await world.fail_a_statement()

        assert await world.effects() == []


class TestStragglers:
    """Tasks that outlive the unit they were started in."""

    async def test_what_they_enqueue_exists_if_and_only_if_they_were_told_so(self, world: World) -> None:
        """An id means that the job is there, an error that it is not, and the world goes on."""
        queue = world.queue()
        started = asyncio.Event()
        tasks: list[asyncio.Task[JobId]] = []

        async def enqueue(order: str) -> JobId:
            started.set()
            return await queue.enqueue(SendReceipt(order))

        try:
            async with world.unit_of_work:
                tasks = [asyncio.create_task(enqueue(f"A-{number}")) for number in range(10)]
                await within(started.wait())
        except UnitOfWorkFailed:
            pass
        outcomes = await within(asyncio.gather(*tasks, return_exceptions=True))
        told = [outcome for outcome in outcomes if isinstance(outcome, JobId)]

        assert await world.counts() == ({JobState.READY: len(told)} if told else {})
        assert all(isinstance(outcome, (JobId, EnqueueFailed, UnitOfWorkFailed)) for outcome in outcomes)
        await _every_connection_works(world)

    async def test_a_unit_entered_after_the_end_is_a_new_one(self, world: World) -> None:
        """A task that was left behind by a plain unit begins one of its own."""
        ended = asyncio.Event()

        async def write_later() -> None:
            await ended.wait()
            await world.write("afterthought")

        async with world.unit_of_work:
            task = asyncio.create_task(write_later())
            await world.write("order A-1001")
        ended.set()
        await within(task)

        assert await world.effects() == ["afterthought", "order A-1001"]


async def _every_connection_works(world: World) -> None:
    async def write(number: int) -> None:
        await apart(world.write(f"note {number}"))

    await within(asyncio.gather(*(write(number) for number in range(12))))
    assert len(await world.effects()) == 12
