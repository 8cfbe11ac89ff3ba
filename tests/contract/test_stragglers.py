"""Tasks that a job func left behind."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from domain.jobs import AttemptLost, JobsError, JobState, current_job
from tests.worlds import World
from tests.worlds.deadline import within
from tests.worlds.jobs import ReserveStock, SendReceipt


class TestStragglers:
    """The attempt they belong to has ended: they get no other unit of work, and write nothing."""

    @pytest.mark.parametrize("fails", [False, True], ids=["after success", "after failure"])
    @pytest.mark.parametrize("what", ["write", "enqueue"])
    async def test_are_refused(self, world: World, what: str, fails: bool) -> None:  # noqa: FBT001
        """Each attempt to write tells that the attempt is over."""
        queue = world.queue()
        ended = asyncio.Event()
        stragglers: list[asyncio.Task[object]] = []
        write: dict[str, Callable[[], Awaitable[object]]] = {
            "write": lambda: world.write("too late"),
            "enqueue": lambda: queue.enqueue(SendReceipt("too late")),
        }

        async def straggle() -> object:
            await ended.wait()
            return await write[what]()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            stragglers.append(asyncio.create_task(straggle()))
            if fails:
                raise ConnectionError

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        state = JobState.SCHEDULED if fails else JobState.COMPLETED
        await world.reaches(job_id, state)
        ended.set()

        with pytest.raises(AttemptLost) as lost:
            await within(stragglers[0])
        assert (lost.value.job_id, lost.value.attempt) == (job_id, 1)
        assert await world.effects() == ([] if fails else ["CRUNCHY-ARMCHAIR"])
        assert await world.counts() == {state: 1}

    async def test_of_an_attempt_that_wrote_nothing_are_refused_too(self, world: World) -> None:
        """A transaction that was never begun does not begin after the end."""
        queue = world.queue()
        ended = asyncio.Event()
        stragglers: list[asyncio.Task[None]] = []

        async def straggle() -> None:
            await ended.wait()
            await world.write("too late")

        async def reserve_stock(job: ReserveStock) -> None:
            stragglers.append(asyncio.create_task(straggle()))

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.COMPLETED)
        ended.set()

        with pytest.raises(AttemptLost):
            await within(stragglers[0])
        assert await world.effects() == []

    async def test_inside_a_block_when_the_attempt_ends_write_no_more(self, world: World) -> None:
        """What they wrote before is part of the attempt, what comes after is refused."""
        queue = world.queue()
        inside, ended = asyncio.Event(), asyncio.Event()
        stragglers: list[asyncio.Task[None]] = []

        async def straggle() -> None:
            async with world.unit_of_work:
                await world.write("in time")
                inside.set()
                await ended.wait()
                await world.write("too late")

        async def reserve_stock(job: ReserveStock) -> None:
            stragglers.append(asyncio.create_task(straggle()))
            await inside.wait()

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.COMPLETED)
        ended.set()

        with pytest.raises(JobsError):
            await within(stragglers[0])
        assert await world.effects() == ["in time"]

    async def test_still_know_their_job_and_disturb_no_other(self, world: World) -> None:
        """The jobs that follow on the same pool write as if nobody was left behind."""
        queue = world.queue(pool_size=1)
        ended = asyncio.Event()
        stragglers: list[asyncio.Task[int]] = []

        async def straggle() -> int:
            await ended.wait()
            return current_job().id

        async def reserve_stock(job: ReserveStock) -> None:
            if not stragglers:
                stragglers.append(asyncio.create_task(straggle()))
            await world.write(job.article)

        await world.run(queue, reserve_stock)
        ids = await queue.enqueue([ReserveStock("CHAIR"), ReserveStock("FORK"), ReserveStock("LAMP")])
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)
        ended.set()

        assert await within(stragglers[0]) == ids[0]
        assert await world.effects() == ["CHAIR", "FORK", "LAMP"]
