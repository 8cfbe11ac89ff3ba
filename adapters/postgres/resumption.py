"""Where a claim begins to look.

Entries of the index that lead to jobs already claimed are normally cleaned up on the way. While a session
holds a snapshot they cannot be, and a look from the start passes over every job done since; jobs of types
nobody here knows are passed over in any case. So when a look from the start takes long, the next ones go on
where the last one ended, and the share of looks from the start is bounded.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from application.jobs.instants import datetime_of
from application.jobs.job_store import ClaimedJob

_SLOW = 0.003
"""Seconds beyond which a look from the start is not repeated for a while."""
_PER_JOB = 0.00002
_REST = 40
"""A slow look from the start is repeated after this many times its duration: it takes 2.5 % at most."""
_OVERLAP = timedelta(milliseconds=200)
"""Transactions commit in another order than they take their time: look again that far back, once one was heard of."""


class Position(NamedTuple):
    """A place in the order of claims."""

    priority: int
    run_at: datetime
    id: int


START = Position(-32_768, datetime.min.replace(tzinfo=UTC), -(2**63))


class Resumption:
    """Remembers where to go on, for one queue."""

    def __init__(self) -> None:
        self._position = START
        self._next_from_start = 0.0
        self._heard = False

    def begin(self) -> Position:
        """Return where to look from now."""
        if time.monotonic() >= self._next_from_start:
            self._position = START
        position = self._position
        if self._heard and position is not START:
            position = Position(position.priority, position.run_at - _OVERLAP, START.id)
        self._heard = False
        return position

    def looked(self, seconds: float, claimed: Sequence[ClaimedJob]) -> None:
        """Take in how long the look took and what it found."""
        if self._position is START:
            if seconds < _SLOW + _PER_JOB * len(claimed):
                return
            self._next_from_start = time.monotonic() + _REST * seconds
        if claimed:
            last = max(claimed)
            self._position = Position(last.priority, datetime_of(last.run_at), last.id)

    def heard(self, priority: int) -> None:
        """Do not miss jobs of this priority that were enqueued just now; the start's own may be anywhere."""
        self._heard = True
        if priority < self._position.priority or priority == START.priority:
            self._next_from_start = 0.0
