"""Time stands still until it is moved, and then everybody notices."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.memory import InMemoryDatabase, InMemoryQueue, ManualClock, SystemClock
from domain.jobs import InvalidQueueOption
from tests.unit.memory.shop import SendReceipt

NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


def test_a_manual_clock_shows_what_it_was_set_to() -> None:
    """Always in UTC."""
    tokyo = timezone(timedelta(hours=9))
    clock = ManualClock(NEW_YEAR.astimezone(tokyo))

    assert clock.now() == NEW_YEAR
    assert clock.now().tzinfo is UTC


def test_moving_it_wakes_those_who_wait() -> None:
    """After the time has changed."""
    clock = ManualClock(NEW_YEAR)
    seen: list[datetime] = []
    clock.on_jump(lambda: seen.append(clock.now()))

    clock.advance(timedelta(hours=1))
    clock.move_to(NEW_YEAR + timedelta(days=1))

    assert seen == [NEW_YEAR + timedelta(hours=1), NEW_YEAR + timedelta(days=1)]


def test_it_does_not_go_back() -> None:
    """And stays where it is when asked to."""
    clock = ManualClock(NEW_YEAR)

    with pytest.raises(ValueError, match="does not go back"):
        clock.move_to(NEW_YEAR - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NEW_YEAR


def test_it_refuses_naive_instants() -> None:
    """Nobody would know which instant is meant."""
    naive = NEW_YEAR.replace(tzinfo=None)

    with pytest.raises(ValueError, match="naive"):
        ManualClock(naive)
    with pytest.raises(ValueError, match="naive"):
        ManualClock().move_to(naive)


def test_the_system_clock_shows_utc() -> None:
    """It is never moved by hand, so nobody is ever woken."""
    clock = SystemClock()
    clock.on_jump(lambda: pytest.fail("nobody moved it"))

    assert clock.now().tzinfo is UTC


async def test_a_running_pool_notices_a_jump(queue: InMemoryQueue, clock: ManualClock) -> None:
    """A job due next month runs as soon as next month is now."""
    received = asyncio.Event()

    async def send(job: SendReceipt) -> None:
        received.set()

    async with queue:
        await queue.register_job_func(send)
        await queue.start()
        await queue.enqueue(SendReceipt("A-1"), run_at=clock.now() + timedelta(days=30))
        clock.advance(timedelta(days=30))
        async with asyncio.timeout(10):
            await received.wait()


def test_a_clock_is_given_to_the_database_where_there_is_one() -> None:
    """A queue has no time of its own."""
    clock = ManualClock()

    with pytest.raises(InvalidQueueOption, match="belongs to the database"):
        InMemoryQueue(InMemoryDatabase(clock), clock=clock)
