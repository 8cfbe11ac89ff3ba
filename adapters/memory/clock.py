"""Clocks: the one on the wall, and one that is moved by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.jobs import Clock

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class SystemClock(Clock):
    """The clock of the host."""

    def now(self) -> datetime:
        """Return the host's current instant, timezone-aware UTC."""
        return datetime.now(UTC)

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Do nothing: this clock is never moved by hand."""


class ManualClock(Clock):
    """Stands still until it is moved, and never goes back. For tests.

    ::

        clock = ManualClock()
        queue = InMemoryQueue(clock=clock)
        await queue.enqueue(reminder, run_at=clock.now() + timedelta(days=30))
        clock.advance(timedelta(days=30))
        assert await queue.work_one()
    """

    def __init__(self, start: datetime = _NOON) -> None:
        """Stand at `start`. Raises `ValueError` where it is not timezone-aware."""
        self._now = _aware(start)
        self._wakes: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the instant the clock was last moved to, timezone-aware UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on, and wake whoever waits for the time. Raises `ValueError` for a negative step."""
        self.move_to(self._now + by)

    def move_to(self, instant: datetime) -> None:
        """Move to `instant`, and wake whoever waits for the time.

        Raises `ValueError` where the instant is naive or earlier than now; the clock then stands still.
        """
        instant = _aware(instant)
        if instant < self._now:
            msg = f"a clock does not go back: it is {self._now} already, and {instant} was asked for"
            raise ValueError(msg)
        self._now = instant
        for wake in tuple(self._wakes):
            wake()

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each move, as long as the clock lives."""
        self._wakes.append(wake)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        msg = f"a clock shows timezone-aware instants, {instant!r} is naive"
        raise ValueError(msg)
    return instant.astimezone(UTC)
