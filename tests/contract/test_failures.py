"""What a failed attempt leads to."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from application.jobs.looking import AttemptOutcome
from domain.jobs import Discard, JobId, JobState, RetryPolicy, Snooze, current_job
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt

A_DAY = timedelta(days=1)
PAUSE_AFTER_FIRST = timedelta(seconds=1.6)


class PrinterOnFire(BaseException):
    """Not even an `Exception`."""


class Unprintable(Exception):
    """An error whose text cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


class TestRetry:
    """A failed job is tried again, later."""

    async def test_the_job_func_is_called_again_with_an_equal_payload(self, world: World) -> None:
        """It is the same job, at its next attempt."""
        queue = world.queue()
        seen: list[tuple[ReserveStock, JobId, int]] = []

        async def reserve_stock(job: ReserveStock) -> None:
            seen.append((job, current_job().id, current_job().attempt))
            if len(seen) == 1:
                raise ConnectionError

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("SMALL-FORK", 12))
        await world.reaches(job_id, JobState.SCHEDULED)
        world.clock.advance(A_DAY)
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [(ReserveStock("SMALL-FORK", 12), job_id, 1), (ReserveStock("SMALL-FORK", 12), job_id, 2)]

    async def test_it_pauses_before_the_next_attempt(self, world: World) -> None:
        """1 s * 1.6 after the first failure, spread by a fifth; until then nobody runs it."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            raise ConnectionError

        await world.run(queue, reserve_stock, send_receipt)
        job_id = await queue.enqueue(ReserveStock("SMALL-FORK"))
        job = await world.reaches(job_id, JobState.SCHEDULED)
        pause = job.run_at - world.clock.now()
        assert 0.8 * PAUSE_AFTER_FIRST <= pause <= 1.2 * PAUSE_AFTER_FIRST

        world.clock.advance(pause - timedelta(microseconds=1))
        await world.reaches(await queue.enqueue(SendReceipt("A-1001"), priority=1), JobState.COMPLETED)
        assert len((await world.job(job_id)).attempts) == 1

    async def test_pauses_grow_up_to_the_cap(self, world: World) -> None:
        """The policy given at registration decides."""
        queue = world.queue()
        policy = RetryPolicy(base=timedelta(minutes=1), factor=2, cap=timedelta(minutes=5), jitter=0)
        pauses: list[timedelta] = []

        async def reserve_stock(job: ReserveStock) -> None:
            raise ConnectionError

        await world.run(queue, reserve_stock, retry=policy)
        job_id = await queue.enqueue(ReserveStock("SMALL-FORK"))
        for attempts in (1, 2, 3):
            job = await world.fails(job_id, attempts)
            pauses.append(job.run_at - world.clock.now())
            world.clock.advance(pauses[-1])

        assert pauses == [timedelta(minutes=minutes) for minutes in (2, 4, 5)]

    async def test_a_policy_without_a_pause_tries_again_at_once(self, world: World) -> None:
        """Without moving the clock."""
        queue = world.queue(poll_interval=timedelta(hours=1))

        async def reserve_stock(job: ReserveStock) -> None:
            if current_job().attempt < 5:
                raise ConnectionError

        await world.run(queue, reserve_stock, retry=RetryPolicy(base=timedelta(0)))
        job = await world.reaches(await queue.enqueue(ReserveStock("SMALL-FORK")), JobState.COMPLETED)

        assert len(job.attempts) == 5

    @pytest.mark.parametrize("end", [ConnectionError("no answer"), Snooze(timedelta(0))], ids=["failed", "snoozed"])
    async def test_an_urgent_job_that_is_ready_again_is_found(self, world: World, end: Exception) -> None:
        """Though the pool has come to less urgent ones since, and nothing else happens."""
        queue = world.queue(poll_interval=timedelta(hours=1), pool_size=2)
        may_fail = asyncio.Event()
        calls: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            calls.append(job.article)
            if calls.count("URGENT") == 1:
                await may_fail.wait()
                raise end

        await world.run(queue, reserve_stock, send_receipt, retry=RetryPolicy(base=timedelta(0)))
        urgent = await queue.enqueue(ReserveStock("URGENT"), priority=-5)
        await world.eventually(lambda: calls == ["URGENT"])
        for order in ("A-1001", "A-1002", "A-1003"):
            await world.reaches(await queue.enqueue(SendReceipt(order)), JobState.COMPLETED)
        may_fail.set()
        await world.reaches(urgent, JobState.COMPLETED)

        assert calls == ["URGENT", "URGENT"]

    async def test_other_jobs_go_on(self, world: World) -> None:
        """One that fails again and again is not in the way of the rest."""
        queue = world.queue(pool_size=1)

        async def reserve_stock(job: ReserveStock) -> None:
            raise ConnectionError

        await world.run(queue, reserve_stock, send_receipt)
        await queue.enqueue(ReserveStock("SMALL-FORK"), priority=-1)
        ids = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])

        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)


class TestDead:
    """A job that failed for good."""

    @pytest.mark.parametrize("most", [1, 2, 3])
    async def test_it_is_dead_after_its_last_attempt(self, world: World, most: int) -> None:
        """It is kept with every error, and does not run again."""
        queue = world.queue()
        calls: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            calls.append(current_job().attempt)
            msg = f"out of stock, attempt {current_job().attempt}"
            raise LookupError(msg)

        await world.run(queue, reserve_stock, retry=RetryPolicy(max_attempts=most, base=timedelta(0)))
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        job = await world.reaches(job_id, JobState.DEAD)
        await world.run(queue, send_receipt)
        world.clock.advance(A_DAY)
        await world.reaches(await queue.enqueue(SendReceipt("A-1001"), priority=1), JobState.COMPLETED)

        assert calls == list(range(1, most + 1))
        assert [f"out of stock, attempt {number}" in str(job.attempts[number - 1].error) for number in calls] == (
            [True] * most
        )
        assert job.finished_at == job.attempts[-1].finished_at

    async def test_discard_is_the_end_at_once(self, world: World) -> None:
        """The reason is kept, and what was written is not."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write("half an armchair")
            reason = "nobody makes it any more"
            raise Discard(reason)

        await world.run(queue, reserve_stock)
        job = await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.DEAD)

        assert len(job.attempts) == 1
        assert "nobody makes it any more" in str(job.attempts[0].error)
        assert await world.effects() == []


class TestSnooze:
    """Not now, and no fault of the job."""

    async def test_it_runs_again_after_the_delay_as_the_same_attempt(self, world: World) -> None:
        """The attempt does not count, and what was written is rolled back."""
        queue = world.queue()
        attempts: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            attempts.append(current_job().attempt)
            await world.write(f"call {len(attempts)}")
            if len(attempts) == 1:
                raise Snooze(timedelta(hours=3))

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        snoozed = await world.reaches(job_id, JobState.SCHEDULED)
        assert (snoozed.run_at, snoozed.attempts) == (world.clock.now() + timedelta(hours=3), ())

        world.clock.advance(timedelta(hours=3))
        job = await world.reaches(job_id, JobState.COMPLETED)
        assert attempts == [1, 1]
        assert [attempt.number for attempt in job.attempts] == [1]
        assert await world.effects() == ["call 2"]

    async def test_it_can_be_repeated_beyond_the_attempts_allowed(self, world: World) -> None:
        """Snoozing never leads to death."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        calls: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            calls.append(current_job().attempt)
            if len(calls) < 10:
                raise Snooze(timedelta(0))

        await world.run(queue, reserve_stock, retry=RetryPolicy(max_attempts=2))
        job = await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.COMPLETED)

        assert calls == [1] * 10
        assert len(job.attempts) == 1


def leave_the_process() -> None:
    """Call sys.exit()."""
    sys.exit(3)


def overflow_the_stack() -> None:
    """Recurse for ever."""
    overflow_the_stack()


def raising(error: BaseException) -> Callable[[], None]:
    """Return what raises this error."""

    def fail() -> None:
        raise error

    fail.__name__ = type(error).__name__
    return fail


FAILURES = [
    raising(ValueError("the printer is out of paper")),
    raising(PrinterOnFire()),
    raising(KeyboardInterrupt()),
    raising(StopIteration()),
    raising(StopAsyncIteration()),
    raising(GeneratorExit()),
    raising(asyncio.CancelledError()),
    raising(TimeoutError("the printer does not answer")),
    raising(BaseExceptionGroup("all at once", [KeyboardInterrupt(), ValueError()])),
    raising(Unprintable()),
    raising(LookupError("form\0feed, and much more" + "." * 1_000_000)),
    leave_the_process,
    overflow_the_stack,
]


class TestAnyError:
    """An exception of any kind is a failed attempt, and the worker lives."""

    @pytest.mark.parametrize("fail", FAILURES, ids=lambda fail: fail.__name__)
    async def test_raised_by_an_async_def(self, world: World, fail: Callable[[], None]) -> None:
        """What it wrote is rolled back, its error is kept, and the next job runs."""

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            fail()

        await self._check(world, reserve_stock)

    @pytest.mark.parametrize("fail", FAILURES, ids=lambda fail: fail.__name__)
    async def test_raised_by_a_plain_def(self, world: World, fail: Callable[[], None]) -> None:
        """In a thread it is no other."""

        def reserve_stock(job: ReserveStock) -> None:
            fail()

        await self._check(world, reserve_stock)

    async def test_a_job_func_that_cancels_its_own_task(self, world: World) -> None:
        """Nobody else was meant."""

        async def reserve_stock(job: ReserveStock) -> None:
            await world.write(job.article)
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)

        await self._check(world, reserve_stock)

    async def test_an_error_with_half_a_surrogate_pair(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        """Storage takes no such text, but takes the error all the same."""
        caplog.set_level(logging.CRITICAL, "arrower.worker")  # nor do the pipes of the test run take it

        async def reserve_stock(job: ReserveStock) -> None:
            msg = "the label reads \ud800"
            raise ValueError(msg)

        await self._check(world, reserve_stock)

    async def _check(self, world: World, reserve_stock: Callable[[ReserveStock], Any]) -> None:
        queue = world.queue(pool_size=1)
        await world.run(queue, reserve_stock, send_receipt)

        failing = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        next_one = await queue.enqueue(SendReceipt("A-1001"))
        job = await world.reaches(failing, JobState.SCHEDULED)
        await world.reaches(next_one, JobState.COMPLETED)

        assert [(attempt.number, attempt.outcome) for attempt in job.attempts] == [(1, AttemptOutcome.FAILED)]
        assert job.attempts[0].error
        assert "reserve_stock" in str(job.attempts[0].traceback)
        assert await world.effects() == []
        assert len(await world.inspection.workers()) == 1
