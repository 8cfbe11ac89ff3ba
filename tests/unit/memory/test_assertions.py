"""Assertions say what was expected, and what is there instead."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.memory import InMemoryQueue, ManualClock, QueueAssertions
from tests.unit.memory.shop import GreetCustomer, ReserveStock, SendReceipt, WelcomeCustomer

RECEIPT = SendReceipt("CRUNCHY-ARMCHAIR", Decimal("99.50"))
CONTENT = f"  1. {RECEIPT!r}\n  2. SendReceipt(order='A-2', amount=Decimal('19.90'))"


@pytest.fixture
async def assert_that(queue: InMemoryQueue) -> QueueAssertions:
    """Assertions about a queue with two receipts."""
    await queue.enqueue([RECEIPT, SendReceipt("A-2")])
    return queue.assert_that


async def test_what_holds_is_silent(queue: InMemoryQueue) -> None:
    """Nothing is raised."""
    queue.assert_that.empty()
    queue.assert_that.total(0)
    queue.assert_that.pushed(SendReceipt, 0)
    await queue.enqueue([RECEIPT, SendReceipt("A-2"), GreetCustomer("Ada")])

    queue.assert_that.total(3)
    queue.assert_that.pushed(SendReceipt, 2)
    queue.assert_that.pushed(SendReceipt)
    queue.assert_that.pushed(WelcomeCustomer, 1)
    queue.assert_that.contains(SendReceipt("CRUNCHY-ARMCHAIR", Decimal("99.50")))
    queue.assert_that.contains(SendReceipt)
    queue.assert_that.not_contains(ReserveStock)
    queue.assert_that.not_contains(SendReceipt("A-3"))


@pytest.mark.parametrize(
    ("claim", "complaint"),
    [
        (lambda that: that.empty(), "expected no jobs in queue 'default'"),
        (lambda that: that.total(1), "expected 1 job in queue 'default'"),
        (lambda that: that.total(3), "expected 3 jobs in queue 'default'"),
        (
            lambda that: that.pushed(SendReceipt, 3),
            "expected 3 jobs of SendReceipt in queue 'default', but there are 2 of them",
        ),
        (lambda that: that.pushed(ReserveStock), "expected at least one ReserveStock in queue 'default'"),
        (lambda that: that.contains(ReserveStock), "expected ReserveStock in queue 'default'"),
        (
            lambda that: that.contains(ReserveStock("SOFA")),
            "expected ReserveStock(article='SOFA') in queue 'default'",
        ),
        (lambda that: that.not_contains(SendReceipt), "expected no SendReceipt in queue 'default'"),
        (lambda that: that.not_contains(RECEIPT), f"expected no {RECEIPT!r} in queue 'default'"),
    ],
)
async def test_what_does_not_hold_is_explained(
    assert_that: QueueAssertions,
    claim: Callable[[QueueAssertions], None],
    complaint: str,
) -> None:
    """With everything that waits, in the order it would run."""
    with pytest.raises(AssertionError) as failure:
        claim(assert_that)

    assert str(failure.value) == f"{complaint}\nit holds 2 jobs:\n{CONTENT}"


async def test_an_empty_queue_is_explained_too() -> None:
    """By its name."""
    with pytest.raises(AssertionError) as failure:
        InMemoryQueue(queue="emails").assert_that.total(2)

    assert str(failure.value) == "expected 2 jobs in queue 'emails'\nit holds no jobs"


async def test_a_long_queue_is_cut_short(queue: InMemoryQueue) -> None:
    """Twenty jobs tell enough."""
    await queue.enqueue([ReserveStock(f"CHAIR-{number}") for number in range(500)])

    with pytest.raises(AssertionError) as failure:
        queue.assert_that.empty()

    lines = str(failure.value).splitlines()
    assert lines[-2:] == ["  20. ReserveStock(article='CHAIR-19')", "  … and 480 more"]


async def test_scheduled_jobs_say_when(queue: InMemoryQueue, clock: ManualClock) -> None:
    """A job that is not due yet is often the surprise."""
    await queue.enqueue(ReserveStock("SOFA"), run_at=clock.now() + timedelta(hours=1))

    with pytest.raises(AssertionError, match=r"SOFA'\), scheduled for 2026-01-01T13:00:00\+00:00"):
        queue.assert_that.empty()
