"""A curve the size of a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.jobs.looking import Bucket

WIDTH = 100
HEIGHT = 22
_FLOOR = HEIGHT - 1
_ROOM = HEIGHT - 3
_MOST_POINTS = 48  # a point every two pixels


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
    completed, failed = _merged([b.completed for b in buckets]), _merged([b.failed for b in buckets])
    highest = max(completed, default=0)
    if not highest:
        completed = [0, 0]
    stride = WIDTH / max(len(completed) - 1, 1)
    points = [f"{i * stride:.1f},{_FLOOR - number / max(highest, 1) * _ROOM:.1f}" for i, number in enumerate(completed)]
    faults = [round(i * WIDTH / max(len(failed) - 1, 1), 1) for i, number in enumerate(failed) if number]
    return Sparkline(" ".join(points), faults, highest)


def _merged(numbers: Sequence[int]) -> list[int]:
    size = -(-len(numbers) // _MOST_POINTS) or 1
    return [sum(numbers[start : start + size]) for start in range(0, len(numbers), size)]
