"""The numbers of a benchmark out of many numbers."""

import pytest

from tests.benchmarks.summary import paired_ratios, percentile, slice_rates, spread


def test_a_spread_has_a_middle_and_two_ends() -> None:
    """One slow round does not move the middle."""
    found = spread([30_000.0, 9_000.0, 31_000.0])

    assert found is not None
    assert (found.median, found.least, found.most) == (30_000.0, 9_000.0, 31_000.0)


def test_there_is_no_spread_of_nothing() -> None:
    """What was not measured is not zero."""
    assert spread([]) is None


def test_ratios_are_those_of_the_same_round() -> None:
    """A round in which the whole machine was slow changes the rates, and not the ratio."""
    found = paired_ratios([40_000.0, 4_000.0, 42_000.0], [20_000.0, 2_000.0, 20_000.0])

    assert found is not None
    assert (found.median, found.least, found.most) == (2.0, 2.0, 2.1)


def test_a_round_that_only_one_side_has_is_left_out() -> None:
    """A contender that failed in the second round is compared in the first."""
    found = paired_ratios([10.0, 10.0], [5.0])

    assert found is not None
    assert found.most == 2.0


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 1), (50, 50), (99, 99), (99.9, 100), (100, 100)],
)
def test_a_percentile_is_one_of_the_numbers(percent: float, expected: int) -> None:
    """At least so many of a hundred numbers are not above it."""
    assert percentile(range(100, 0, -1), percent) == expected


def test_the_percentiles_of_one_number_are_that_number() -> None:
    """A run with one sample has percentiles, too."""
    assert percentile([3.5], 50) == percentile([3.5], 99) == 3.5


def test_slices_show_a_run_that_slows_down() -> None:
    """Half of the jobs in the first second, the other half in the next four."""
    rates = slice_rates([(10.0, 0), (11.0, 500), (15.0, 1_000)], 2)

    assert rates == pytest.approx([500.0, 125.0])


def test_slices_fall_between_two_reports() -> None:
    """Between two reports jobs are taken to have run evenly."""
    rates = slice_rates([(0.0, 0), (4.0, 400)], 4)

    assert rates == pytest.approx([100.0] * 4)
