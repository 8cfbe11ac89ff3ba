"""Whether a case has reached what it has to reach."""

from tests.benchmarks.case import Measurement
from tests.benchmarks.footprint import Footprint
from tests.benchmarks.goals import delay, detail, detail_beyond, faster, memory, rate, work_beyond


def test_a_ratio_is_met_at_its_limit() -> None:
    """Three times as fast is three times as fast."""
    results = {"hare": [_took(1.0)], "tortoise": [_took(3.0)]}

    assert faster("hare", 3, "tortoise").met(results) is True
    assert faster("hare", 3.1, "tortoise").met(results) is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    """A peer that is not available proves nothing."""
    assert faster("hare", 3, "tortoise").met({"hare": [_took(1.0)]}) is None
    assert delay("hare", 50, 3).met({"hare": [_took(1.0)]}) is None


def test_a_rate_is_judged_by_its_median() -> None:
    """One slow round of three is forgiven."""
    results = {"hare": [_took(1.0), _took(9.0), _took(1.0)]}

    assert rate("hare", 1_000).met(results) is True


def test_latencies_are_judged_by_their_percentile() -> None:
    """One late job of a hundred does not spoil the 99th percentile, two do."""
    goal = delay("hare", 99, 15)

    assert goal.met({"hare": [Measurement(100, 1.0, latencies=[2.0] * 99 + [80.0])]}) is True
    assert goal.met({"hare": [Measurement(100, 1.0, latencies=[2.0] * 98 + [80.0] * 2)]}) is False


def test_details_keep_limits_of_their_own_or_those_of_another() -> None:
    """Connections must not grow with the number of queues."""
    results = {
        "one queue": [Measurement(100, 1.0, details={"connections": 11})],
        "20 queues": [Measurement(100, 1.0, details={"connections": 12})],
    }

    assert detail("one queue", "connections", at_most=11).met(results) is True
    assert detail_beyond("20 queues", "connections", "one queue", at_most=0).met(results) is False


def test_memory_is_that_of_the_largest_worker() -> None:
    """Limits are megabytes, measurements are bytes."""
    results = {"hare": [Measurement(100, 1.0, Footprint(None, None, 151 * 2**20, 0.0, None))]}

    assert memory("hare", megabytes=151).met(results) is True
    assert memory("hare", megabytes=150).met(results) is False


def test_work_is_told_for_a_job_and_beyond_that_of_another() -> None:
    """Ten microseconds a job and thirty-five are twenty-five apart, however many jobs there were."""
    results = {
        "plain": [Measurement(1_000, 1.0, Footprint(None, None, None, 0.010, None))],
        "traced": [Measurement(2_000, 1.0, Footprint(None, None, None, 0.070, None))],
    }

    assert work_beyond("traced", "plain", microseconds=25.1).met(results) is True
    assert work_beyond("traced", "plain", microseconds=24.9).met(results) is False


def _took(seconds: float) -> Measurement:
    return Measurement(1_000, seconds)
