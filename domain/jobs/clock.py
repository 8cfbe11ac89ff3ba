"""Time, as a port."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells what time it is. Tests hand in a clock they move by hand."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the current instant, timezone-aware UTC."""

    @abstractmethod
    def on_jump(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever the time is moved by hand. A clock that only flows never calls."""
