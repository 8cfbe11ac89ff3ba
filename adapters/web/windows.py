"""How far back a page looks."""

from datetime import timedelta
from typing import NamedTuple


class Window(NamedTuple):
    """A stretch of time up to now, and the steps in which it is drawn."""

    name: str
    title: str
    length: timedelta
    step: timedelta


WINDOWS = (
    Window("15m", "15 min", timedelta(minutes=15), timedelta(seconds=10)),
    Window("1h", "1 hour", timedelta(hours=1), timedelta(minutes=1)),
    Window("6h", "6 hours", timedelta(hours=6), timedelta(minutes=5)),
    Window("24h", "24 hours", timedelta(hours=24), timedelta(minutes=15)),
)


def window_of(name: str | None) -> Window:
    """Return the window of this name, the shortest where there is none."""
    return next((window for window in WINDOWS if window.name == name), WINDOWS[0])
