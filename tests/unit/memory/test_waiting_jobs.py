"""The lines jobs wait in keep their order, whoever leaves and returns."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from adapters.memory.signals import Signals
from adapters.memory.stored import StoredJob
from adapters.memory.waiting_jobs import WaitingJobs
from domain.jobs import JobId, JobState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TYPES = ("receipt", "stock", "greeting")


def ready(number: int, *, of_type: str = "receipt", priority: int = 0, minutes: int = 0) -> StoredJob:
    """Return a job that is ready since some minutes before noon."""
    run_at = NOON - timedelta(minutes=minutes)
    return StoredJob(JobId(number), "", of_type, "{}", priority, run_at, NOON, None, JobState.READY)


@pytest.mark.parametrize("seed", range(10))
def test_the_order_holds_over_types_and_after_any_leaving(seed: int) -> None:
    """Priority, then run_at, then the order of enqueue; taken in batches of any size."""
    chance = random.Random(seed)
    waiting = WaitingJobs()
    present: list[StoredJob] = []
    for number in range(2_000):
        job = ready(
            number,
            of_type=chance.choice(TYPES),
            priority=chance.randint(-2, 2),
            minutes=chance.randint(0, 3),
        )
        waiting.add(job)
        present.append(job)
        if chance.random() < 0.7:
            gone = present.pop(chance.randrange(len(present)))
            waiting.remove(gone)
            if chance.random() < 0.3:
                waiting.add(gone)
                present.append(gone)
    present.sort(key=lambda job: (job.priority, job.run_at, job.id))

    assert len(waiting) == len(present)
    assert set(waiting) == set(present)
    taken: list[StoredJob] = []
    while batch := waiting.take(TYPES, chance.randint(1, 50)):
        taken += batch
    assert taken == present
    assert len(waiting) == 0


def test_only_the_types_asked_for_are_taken() -> None:
    """Others stay, and are not in the way."""
    waiting = WaitingJobs()
    receipt, stock = ready(1), ready(2, of_type="stock")
    waiting.add(receipt)
    waiting.add(stock)

    assert waiting.take(["stock", "unknown"], 10) == [stock]
    assert list(waiting) == [receipt]


def test_places_given_up_are_cleared_away() -> None:
    """Jobs that are called off again and again do not fill a line that nobody works."""
    waiting = WaitingJobs()
    job = ready(1)
    for _ in range(10_000):
        waiting.add(job)
        waiting.remove(job)

    assert len(waiting._ready["receipt"]._places) < 200


def test_nobody_listens_to_signals() -> None:
    """That is no error."""
    signals = Signals()

    signals.ready("emails")
    signals.scheduled("emails")
    signals.look_again()
