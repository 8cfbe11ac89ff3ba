"""The tasks and contexts in which attempts run."""

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from application.jobs.attempt import Attempt, Revoked
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import ClaimedJob
from application.jobs.prefetch import Prefetch
from application.jobs.running_attempts import RunningAttempts
from domain.jobs import JobId, RetryPolicy
from tests.worlds.deadline import eventually, within

Run = Callable[[Attempt], Coroutine[Any, Any, None]]

COLOUR: contextvars.ContextVar[str] = contextvars.ContextVar("colour", default="none")


class Bench:
    """Attempts at a number of jobs, run by a coroutine function of the test."""

    def __init__(self, jobs: int, run: Run, size: int = 3) -> None:
        self.line = deque(_attempt(number) for number in range(jobs))
        self.turns = 0
        self.running = RunningAttempts(
            size,
            run,
            lambda: self.line.popleft() if self.line else None,
            self._turn_over,
            prefetch=Prefetch(size),
            context=contextvars.copy_context(),
        )

    async def work(self) -> None:
        """Run all of them to their end."""
        self.running.fill()
        await within(self.running.all_ended())
        assert not self.line
        assert len(self.running) == 0

    def _turn_over(self) -> None:
        self.turns += 1


async def _receipt(_: object) -> None: ...


_FUNC = RegisteredFunc(_receipt, object, is_async=True, retry=RetryPolicy(), timeout=None, batch_size=None)


def _attempt(number: int) -> Attempt:
    return Attempt(_FUNC, [ClaimedJob(0, 0, JobId(number), "receipt", "{}", 1, 1, 0, 0, None)], "")


async def test_as_many_run_as_there_are_places() -> None:
    """Not one more, and not one less as long as some wait."""
    go_on = asyncio.Event()
    most = 0

    async def run(_: Attempt) -> None:
        nonlocal most
        most = max(most, len(bench.running))
        await go_on.wait()

    bench = Bench(7, run)
    bench.running.fill()
    await eventually(lambda: len(bench.running) == 3)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(bench.line) == 4
    go_on.set()
    await bench.work()
    assert most == 3


async def test_those_that_never_wait_share_a_task() -> None:
    """It costs more than they do."""
    tasks: set[asyncio.Task[Any] | None] = set()

    async def run(_: Attempt) -> None:
        tasks.add(asyncio.current_task())

    bench = Bench(5, run)
    await bench.work()

    assert len(tasks) < 5
    assert None not in tasks


async def test_one_that_waits_has_a_task_of_its_own() -> None:
    """Whoever saw it may cancel it later."""
    tasks: list[asyncio.Task[Any] | None] = []

    async def run(_: Attempt) -> None:
        tasks.append(asyncio.current_task())
        await asyncio.sleep(0)

    await Bench(5, run).work()

    assert len(set(tasks)) == 5


async def test_others_have_their_turn_between_those_that_never_wait() -> None:
    """A thousand of them do not stop the event loop."""
    ended = 0
    seen: list[int] = []

    async def run(_: Attempt) -> None:
        nonlocal ended
        ended += 1
        for _unused in range(2_000):
            contextvars.copy_context()

    async def watch() -> None:
        while ended < 1_000:
            seen.append(ended)
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    bench = Bench(1_000, run)
    await bench.work()
    await within(watching)

    assert any(0 < number < 1_000 for number in seen)
    assert bench.turns > 1


@pytest.mark.parametrize("waits", [False, True])
async def test_each_has_a_context_of_its_own(*, waits: bool) -> None:
    """What one sets is gone when the next begins, and is still there after it has waited."""
    begun_with: list[str] = []

    async def run(attempt: Attempt) -> None:
        begun_with.append(COLOUR.get())
        COLOUR.set(str(attempt.jobs[0].id))
        if waits:
            await asyncio.sleep(0)
        assert COLOUR.get() == str(attempt.jobs[0].id)

    await Bench(5, run).work()

    assert begun_with == ["none"] * 5


async def test_what_comes_before_the_coroutine_happens_in_its_context() -> None:
    """To read a payload may run code of the application, which leaves nothing behind for the next job."""
    before: list[str] = []
    inside: list[str] = []

    async def rest(attempt: Attempt) -> None:
        inside.append(COLOUR.get())

    def run(attempt: Attempt) -> Coroutine[Any, Any, None]:
        before.append(COLOUR.get())
        COLOUR.set(str(attempt.jobs[0].id))
        return rest(attempt)

    await Bench(3, run).work()

    assert before == ["none"] * 3
    assert inside == ["0", "1", "2"]


async def test_one_revoked_before_it_began_still_runs() -> None:
    """Or its end would be written by nobody: the job would be running for ever."""
    seen: list[Revoked | None] = []

    async def run(attempt: Attempt) -> None:
        seen.append(attempt.revoked)

    bench = Bench(0, run)
    attempt = _attempt(1)
    bench.running.start(attempt)
    attempt.revoke(Revoked.CANCELLED)
    await bench.work()

    assert seen == [Revoked.CANCELLED]


async def test_revoking_one_that_waits_cancels_it_and_no_other() -> None:
    """Wherever it waits."""
    ends: dict[int, str] = {}
    go_on = asyncio.Event()

    async def run(attempt: Attempt) -> None:
        try:
            await go_on.wait()
            ends[attempt.jobs[0].id] = "done"
        except asyncio.CancelledError:
            ends[attempt.jobs[0].id] = "cancelled"
            await asyncio.sleep(0)  # to record it

    bench = Bench(3, run)
    bench.running.fill()
    await eventually(lambda: len(bench.running) == 3)
    next(attempt for attempt in bench.running if attempt.jobs[0].id == 1).revoke(Revoked.SHUTDOWN)
    await eventually(lambda: 1 in ends)
    go_on.set()
    await bench.work()

    assert ends == {0: "done", 1: "cancelled", 2: "done"}


async def test_one_that_cancels_its_own_task_harms_no_other() -> None:
    """The cancellation would strike where the next one waits."""
    ends: list[int] = []

    async def run(attempt: Attempt) -> None:
        task = asyncio.current_task()
        if attempt.jobs[0].id == 0 and task is not None:
            task.cancel()
            return
        await asyncio.sleep(0)
        ends.append(attempt.jobs[0].id)

    await Bench(4, run, size=1).work()

    assert ends == [1, 2, 3]


@pytest.mark.parametrize("waits", [False, True])
async def test_an_error_of_ours_ends_one_and_not_the_pool(*, waits: bool, caplog: pytest.LogCaptureFixture) -> None:
    """It is told, with the job."""
    ends: list[int] = []

    async def run(attempt: Attempt) -> None:
        if waits:
            await asyncio.sleep(0)
        if attempt.jobs[0].id == 1:
            msg = "a bug"
            raise RuntimeError(msg)
        ends.append(attempt.jobs[0].id)

    with caplog.at_level(logging.ERROR, "arrower.worker"):
        await Bench(3, run).work()

    assert ends == [0, 2]
    assert [record.getMessage() for record in caplog.records] == ["the worker failed to end an attempt at job 1"]


async def test_a_timeout_inside_strikes_where_it_should() -> None:
    """It goes by the task that runs: ours."""
    ends: list[str] = []

    async def run(_: Attempt) -> None:
        try:
            async with asyncio.timeout(0.001):
                await asyncio.Event().wait()
        except TimeoutError:
            ends.append("timed out")

    await Bench(4, run, size=2).work()

    assert ends == ["timed out"] * 4
