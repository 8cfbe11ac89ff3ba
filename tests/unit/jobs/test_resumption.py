"""Where a claim begins to look."""

from datetime import UTC, datetime, timedelta

from adapters.postgres.resumption import START, Position, Resumption
from application.jobs.instants import instant_of
from application.jobs.job_store import ClaimedJob
from domain.jobs import JobId

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def claimed(priority: int = 0, run_at: datetime = NOON, number: int = 1) -> ClaimedJob:
    """One job as a claim returns it."""
    ready_at = instant_of(run_at)
    return ClaimedJob(priority, ready_at, JobId(number), "receipt", "{}", 1, 1, 0, ready_at, None)


def test_every_look_begins_at_the_start_while_that_is_quick() -> None:
    """The order of claims is then exact."""
    resumption = Resumption()

    resumption.looked(0.001, [claimed()])

    assert resumption.begin() is START


def test_after_a_slow_look_the_next_begins_where_the_last_job_was() -> None:
    """What lies before it was passed over once, and need not be again: jobs done, and of types nobody here knows."""
    resumption = Resumption()

    resumption.looked(0.5, [claimed(priority=2, number=8), claimed(priority=2, number=7)])

    assert resumption.begin() == Position(2, NOON, 8)


def test_once_a_job_was_heard_of_it_begins_a_little_before() -> None:
    """Once, because transactions commit out of order: the job may lie before one that was claimed."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])

    resumption.heard(2)

    begin = resumption.begin()
    assert begin.priority == 2
    assert NOON - timedelta(seconds=1) < begin.run_at < NOON
    assert resumption.begin() == Position(2, NOON, 1)


def test_a_more_urgent_job_makes_the_next_look_begin_at_the_start() -> None:
    """It would be passed over."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])

    resumption.heard(1)

    assert resumption.begin() is START


def test_a_job_behind_the_position_does_not() -> None:
    """It will be found on the way."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])

    resumption.heard(2)

    assert resumption.begin() != START


def test_a_job_that_may_be_anywhere_does() -> None:
    """Jobs promoted or handed back lie before others of their priority."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=START.priority)])

    resumption.heard(START.priority)

    assert resumption.begin() == START


def test_a_look_that_finds_nothing_keeps_the_position() -> None:
    """What lies before it has not changed."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])
    position = resumption.begin()

    resumption.looked(0.1, [])

    assert resumption.begin() == position
    assert isinstance(position, Position)
