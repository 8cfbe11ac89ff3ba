"""The database's time, known without asking for it each time."""

import time
from datetime import datetime

from application.jobs.instants import Instant, instant_of
from domain.jobs import Clock


class DatabaseTime:
    """Follows the database's clock: the host's own may be hours off, and hosts differ.

    Statements compare times inside the database; this is for what a worker measures itself. With a
    clock that is moved by hand, statements get its time instead of the database's.
    """

    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self._offset = (time.time_ns() - time.monotonic_ns()) // 1_000

    def given(self) -> datetime | None:
        """Return the time to use in statements, or None where the database's own is to be used."""
        return None if self._clock is None else self._clock.now()

    def learn(self, now: datetime) -> None:
        """Take over what the database just said."""
        self._offset = instant_of(now) - time.monotonic_ns() // 1_000

    def now(self) -> Instant:
        """Return the current time."""
        if self._clock is not None:
            return instant_of(self._clock.now())
        return self._offset + time.monotonic_ns() // 1_000
