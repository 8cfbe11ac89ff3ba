"""Numbers, times and sizes as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.web import formatting
from application.jobs.looking import Count

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def plain(text: str) -> str:
    """Return it with common spaces."""
    return text.replace("\u2009", " ")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.0004, "0.4 ms"),
        (0.0421, "42.1 ms"),
        (0.42, "420 ms"),
        (1, "1 s"),
        (1.38, "1.38 s"),
        (59.94, "59.9 s"),
        (60, "1 min"),
        (192, "3 min 12 s"),
        (7_500, "2 h 5 min"),
        (7_201, "2 h"),
        (360_000, "4 d 4 h"),
        (-5, "0 ms"),
    ],
)
def test_durations_have_two_units(seconds: float, text: str) -> None:
    """Or three digits."""
    assert plain(formatting.duration(timedelta(seconds=seconds))) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "now"),
        (-0.4, "now"),
        (-12, "12 s ago"),
        (-90, "1 min 30 s ago"),
        (-300, "5 min ago"),
        (-5_400, "1 h 30 min ago"),
        (3_600 * 5, "in 5 h"),
        (86_400 * 9, "in 9 d"),
    ],
)
def test_instants_are_told_from_now(seconds: float, text: str) -> None:
    """Exactly where little is left of it."""
    assert plain(formatting.from_now(NOW + timedelta(seconds=seconds), NOW)) == text


@pytest.mark.parametrize(
    ("per_second", "text"),
    [(1_234.5, "1,234/s"), (2.5, "2.5/s"), (0.5, "30/min"), (0.001, "3.6/h"), (0, "0/min")],
)
def test_rates_have_the_unit_that_fits(per_second: float, text: str) -> None:
    """So that something is left of them."""
    assert formatting.rate(per_second) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "\u2013"), (0, "0 %"), (0.0001, "< 0.1 %"), (0.042, "4.2 %"), (0.999, "99.9 %"), (1, "100 %")],
)
def test_shares_are_never_rounded_to_nothing(share: float | None, text: str) -> None:
    """Nor to all."""
    assert plain(formatting.percent(share)) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (8_192, "8.19 kB"), (1_057_000, "1.06 MB"), (5 * 10**18, "5,000 PB")],
)
def test_sizes_go_by_thousands(size: int, text: str) -> None:
    """With three digits."""
    assert plain(formatting.size(size)) == text


def test_an_estimate_is_marked() -> None:
    """An exact number is not."""
    assert plain(formatting.number(Count(12_345_678, exact=False))) == "≈ 12,345,678"
    assert formatting.number(Count(12_345)) == "12,345"
    assert formatting.number(7) == "7"


def test_a_sentence_has_a_capital_and_a_stop() -> None:
    """And keeps its other letters."""
    assert formatting.sentence("the type SendReceipt is unknown") == "The type SendReceipt is unknown."
    assert formatting.sentence("Really?") == "Really?"
    assert formatting.sentence("") == "."
