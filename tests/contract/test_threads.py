"""Plain job funcs that hang: their threads cannot be stopped."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.jobs import JobState, RetryPolicy
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, ReserveStock

ONCE = RetryPolicy(max_attempts=1)
A_MOMENT = timedelta(milliseconds=20)


@pytest.fixture
def free() -> Iterator[threading.Event]:
    """Yield what the threads wait for; it happens in the end."""
    free = threading.Event()
    yield free
    free.set()


class TestThreadsLeftBehind:
    """A pool that lost threads has as many places as before."""

    async def test_do_not_take_the_places_of_others(
        self,
        world: World,
        free: threading.Event,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """More job funcs hang than the pool has places, and the next one runs all the same."""

        def reserve_stock(job: ReserveStock) -> None:
            free.wait()

        def check_fraud(job: CheckFraud) -> None:
            """Do nothing."""

        queue = world.queue(pool_size=2)
        await world.run(queue, reserve_stock, retry=ONCE, timeout=A_MOMENT)
        await world.run(queue, check_fraud)
        for job in await queue.enqueue([ReserveStock(f"ARTICLE-{number}") for number in range(5)]):
            await world.reaches(job, JobState.DEAD)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)

        pulse = queue.pulse()
        assert pulse is not None
        assert (pulse.left_behind, pulse.running) == (5, 0)
        assert "5 of arrower-" in caplog.text
        free.set()
        await world.eventually(lambda: getattr(queue.pulse(), "left_behind", None) == 0)

    async def test_are_so_many_at_most(
        self,
        world: World,
        free: threading.Event,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Then jobs of plain job funcs are put off, uncounted, and run once there is a thread again."""
        monkeypatch.setattr("application.jobs.job_threads.MOST_LEFT_BEHIND", 2)

        def reserve_stock(job: ReserveStock) -> None:
            free.wait()

        def check_fraud(job: CheckFraud) -> None:
            """Do nothing."""

        queue = world.queue()
        await world.run(queue, reserve_stock, retry=ONCE, timeout=A_MOMENT)
        await world.run(queue, check_fraud)
        for job in await queue.enqueue([ReserveStock("SMALL-FORK"), ReserveStock("LARGE-FORK")]):
            await world.reaches(job, JobState.DEAD)
        put_off = await queue.enqueue(CheckFraud("A-1001"))

        assert (await world.reaches(put_off, JobState.SCHEDULED)).attempt == 0
        free.set()
        await world.eventually(lambda: getattr(queue.pulse(), "left_behind", None) == 0)
        world.clock.advance(timedelta(seconds=11))
        await world.reaches(put_off, JobState.COMPLETED)
