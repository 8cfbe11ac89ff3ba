"""Durations in classes, so that those of millions of jobs fit into a few numbers.

Eight classes for each doubling, from a millisecond on: whatever is told of a duration is right to some five percent.
"""

from collections.abc import Mapping
from datetime import timedelta

_PER_DOUBLING = 8


def class_in_sql(seconds: str) -> str:
    """Return SQL for the class of a duration, given as SQL for its seconds."""
    return f"floor({_PER_DOUBLING} * ln(least(greatest({seconds} * 1000, 1), 1e12)) / ln(2))::integer"


def percentile(classes: Mapping[int, int], share: float) -> timedelta:
    """Return what so large a share of the durations does not exceed. `classes` holds how many are in each."""
    wanted, seen = share * sum(classes.values()), 0
    for number, count in sorted(classes.items()):
        seen += count
        if seen >= wanted:
            return _middle(number)
    return timedelta(0)


def _middle(number: int) -> timedelta:
    return timedelta(milliseconds=2 ** ((number + 0.5) / _PER_DOUBLING)) if number else timedelta(milliseconds=1)
