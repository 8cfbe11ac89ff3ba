"""Where a claim begins to look."""

from datetime import UTC, datetime, timedelta

from adapters.postgres.resumption import START, Position, Resumption
from application.jobs.job_store import ClaimedJob
from domain.jobs import JobId

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def claimed(priority: int = 0, run_at: datetime = NOON) -> ClaimedJob:
    """One job as a claim returns it."""
    return ClaimedJob(priority, run_at, JobId(1), "receipt", "{}", 1, 1, 0, run_at, None)


def test_every_look_begins_at_the_start_while_that_is_quick() -> None:
    """The order of claims is then exact."""
    resumption = Resumption()

    resumption.looked(0.001, [claimed()])

    assert resumption.begin() is START


def test_after_a_slow_look_the_next_begins_where_the_first_job_was() -> None:
    """A little before it, because transactions commit out of order."""
    resumption = Resumption()

    resumption.looked(0.5, [claimed(priority=2), claimed(priority=3)])

    begin = resumption.begin()
    assert begin.priority == 2
    assert NOON - timedelta(seconds=1) < begin.run_at < NOON


def test_a_more_urgent_job_makes_the_next_look_begin_at_the_start() -> None:
    """It would be passed over."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])

    resumption.rewind(1)

    assert resumption.begin() is START


def test_a_job_behind_the_position_does_not() -> None:
    """It will be found on the way."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])

    resumption.rewind(2)

    assert resumption.begin() != START


def test_a_job_that_may_be_anywhere_does() -> None:
    """Jobs promoted or handed back lie before others of their priority."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=START.priority)])

    resumption.rewind(START.priority)

    assert resumption.begin() == START


def test_a_look_that_finds_nothing_keeps_the_position() -> None:
    """What lies before it has not changed."""
    resumption = Resumption()
    resumption.looked(0.5, [claimed(priority=2)])
    position = resumption.begin()

    resumption.looked(0.1, [])

    assert resumption.begin() == position
    assert isinstance(position, Position)
