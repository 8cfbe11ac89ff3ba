"""Where a claim begins to look.

Entries of the index that lead to jobs already claimed are normally cleaned up on the way. While a session
holds a snapshot they cannot be, and a look from the start passes over every job done since; jobs of types
nobody here knows are passed over in any case. So when a look from the start takes long, the next ones begin
where the last one found its first job, and the share of looks from the start is bounded.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from application.jobs.job_store import ClaimedJob

_SLOW = 0.003
"""Seconds beyond which a look from the start is not repeated for a while."""
_PER_JOB = 0.00002
_REST = 20
"""A slow look from the start is repeated after this many times its duration: it takes 5 % at most."""
_OVERLAP = timedelta(milliseconds=200)
"""Transactions commit in another order than they take their time: look again that far back."""


class Position(NamedTuple):
    """A place in the order of claims."""

    priority: int
    run_at: datetime


START = Position(-32_768, datetime.min.replace(tzinfo=UTC))


class Resumption:
    """Remembers where to go on, for one queue."""

    def __init__(self) -> None:
        self._position = START
        self._next_from_start = 0.0

    def begin(self) -> Position:
        """Return where to look from now."""
        if time.monotonic() >= self._next_from_start:
            self._position = START
        return self._position

    def looked(self, seconds: float, claimed: Sequence[ClaimedJob]) -> None:
        """Take in how long the look took and what it found."""
        if self._position is START:
            if seconds < _SLOW + _PER_JOB * len(claimed):
                return
            self._next_from_start = time.monotonic() + _REST * seconds
        if claimed:
            first = min(claimed)
            self._position = Position(first.priority, first.run_at - _OVERLAP)

    def rewind(self, priority: int) -> None:
        """Look from the start once, if jobs of this priority would be missed; the start's own misses none."""
        if priority < self._position.priority or priority == START.priority:
            self._next_from_start = 0.0
