"""Where an axis ends, and where it is marked."""

import math
from datetime import timedelta

_STEPS = (1, 2, 4, 6, 10)
_LENGTHS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 180, 300, 600, 900, 1_800),
    *(3_600, 7_200, 14_400, 21_600, 43_200),
    *(86_400, 172_800, 604_800, 2_592_000),
)
"""Seconds: the steps in which people count time."""


def nice_top(highest: float) -> int:
    """Return a round number that is not below `highest`, can be halved, and is at least 2."""
    if highest <= 2:  # noqa: PLR2004  # the least axis that has a middle
        return 2
    magnitude = 10 ** math.floor(math.log10(highest))
    return max(next(int(step * magnitude) for step in _STEPS if step * magnitude >= highest), 2)


def nice_step(length: timedelta, most: int) -> timedelta:
    """Return a round length of time that fits at most so many times into another."""
    least = length.total_seconds() / most
    return timedelta(seconds=next((step for step in _LENGTHS if step >= least), least))
