"""A curve the size of a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.jobs.looking import Bucket

WIDTH = 100
HEIGHT = 22
_FLOOR = HEIGHT - 1
_ROOM = HEIGHT - 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Completed jobs as a curve, and where there were failures."""

    curve: str
    """Points of a polyline."""
    faults: Sequence[float]
    """Where on the way something failed."""
    highest: int

    @property
    def area(self) -> str:
        """Points of what lies below the curve."""
        return f"0,{_FLOOR} {self.curve} {WIDTH},{_FLOOR}"


def sparkline(buckets: Sequence[Bucket]) -> Sparkline:
    """Lay a curve out."""
    highest = max((bucket.completed for bucket in buckets), default=0)
    stride = WIDTH / max(len(buckets) - 1, 1)
    points = [
        f"{index * stride:.1f},{_FLOOR - bucket.completed / max(highest, 1) * _ROOM:.1f}"
        for index, bucket in enumerate(buckets)
    ]
    faults = [round(index * stride, 1) for index, bucket in enumerate(buckets) if bucket.failed]
    return Sparkline(" ".join(points) or f"0,{_FLOOR} {WIDTH},{_FLOOR}", faults, highest)
