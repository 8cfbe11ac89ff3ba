"""Numbers out of many numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers, and how far they lie apart."""

    median: float
    least: float
    most: float


def spread(numbers: Sequence[float]) -> Spread | None:
    """Return None where there are no numbers."""
    return Spread(median(numbers), min(numbers), max(numbers)) if numbers else None


def paired_ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread | None:
    """Compare round by round: what slows the machine down for a while slows both sides of a round."""
    return spread([one / other for one, other in zip(ours, theirs, strict=False)])


def percentile(numbers: Sequence[float], percent: float) -> float:
    """Return the smallest of the numbers that at least `percent` of them do not exceed."""
    ordered = sorted(numbers)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def slice_rates(progress: Sequence[tuple[float, int]], slices: int) -> list[float]:
    """Return jobs per second in each of `slices` equal parts of all jobs.

    `progress` tells at some seconds how many jobs had run until then; in between they ran evenly.
    """
    total = progress[-1][1]
    times = [_time_of(progress, total * part / slices) for part in range(slices + 1)]
    return [total / slices / max(end - start, 1e-9) for start, end in pairwise(times)]


def _time_of(progress: Sequence[tuple[float, int]], jobs: float) -> float:
    before = progress[0]
    for now in progress:
        if now[1] >= jobs:
            gained = now[1] - before[1]
            share = (jobs - before[1]) / gained if gained else 1.0
            return before[0] + share * (now[0] - before[0])
        before = now
    return before[0]
