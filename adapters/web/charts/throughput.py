"""What ended over time, as two rows of bars: well above, failures below, each on a scale of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from adapters.web.charts.scale import nice_step, nice_top
from application.jobs.looking import Bucket

SLOT = 10
"""Units of width that a bucket has."""
HEIGHT = 100
_GAP = 2
_LEAST = 1.5
"""So that one is seen among thousands."""
_MOST_MARKS = 6


class Mark(NamedTuple):
    """A time on the axis."""

    share: float
    """How far from the left it is, from 0 to 100."""
    time: datetime


@dataclass(frozen=True, slots=True)
class Bars:
    """One row of bars. The axis begins at zero."""

    heights: Sequence[float]
    """From 0 to `HEIGHT`."""
    top: int
    """The value at `HEIGHT`."""
    total: int


@dataclass(frozen=True, slots=True)
class ThroughputChart:
    """The buckets and their bars."""

    buckets: Sequence[Bucket]
    step: timedelta
    completed: Bars
    failed: Bars

    @property
    def has_bars(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.completed.total or self.failed.total)

    @property
    def width(self) -> int:
        """Of both rows, in units."""
        return SLOT * max(len(self.buckets), 1)

    @property
    def bar_width(self) -> int:
        """Of one bar, in units."""
        return SLOT - _GAP

    @property
    def marks(self) -> Sequence[Mark]:
        """Return the round times on the way."""
        number = len(self.buckets)
        every = nice_step(number * self.step, _MOST_MARKS).total_seconds()
        times = ((index, bucket.start) for index, bucket in enumerate(self.buckets))
        return [Mark(100 * index / number, time) for index, time in times if time.timestamp() % every == 0]


def throughput_chart(buckets: Sequence[Bucket], step: timedelta) -> ThroughputChart:
    """Lay a chart out."""
    return ThroughputChart(
        buckets,
        step,
        _bars([bucket.completed for bucket in buckets]),
        _bars([bucket.failed for bucket in buckets]),
    )


def _bars(values: Sequence[int]) -> Bars:
    top = nice_top(max(values, default=0))
    return Bars([max(value / top * HEIGHT, _LEAST) if value else 0 for value in values], top, sum(values))
