"""One queue in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.jobs.looking.count import Count
from domain.jobs import JobState

_LONGEST = 10 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Durations:
    """How long something took."""

    mean: timedelta
    p95: timedelta
    """At most this long in 95 of 100 cases; exact to some percent."""


@dataclass(frozen=True, slots=True)
class QueueRecord:
    """A queue as it stands, and what happened in it within the last `window`."""

    name: str
    """Empty for the default queue."""
    counts: Mapping[JobState, Count]
    """Every state, zeros included."""
    paused_at: datetime | None
    oldest_ready: timedelta | None
    """How long the job has waited for a worker that has waited longest; None where none waits."""
    workers: int
    """Pools that are alive."""
    places: int
    """Job funcs that these pools run at the same time."""
    busy: int
    """Places that are taken."""
    window: timedelta
    completed: int
    """Jobs completed within the window."""
    failed: int
    """Attempts that failed within the window, or whose worker died."""
    run: Durations | None
    """From start to end of attempts that completed their job within the window; None where there was none."""
    wait: Durations | None
    """From when a job was due to the start of the attempt that completed it."""

    @property
    def throughput(self) -> float:
        """Completed jobs per second."""
        return self.completed / self.window.total_seconds()

    @property
    def failure_rate(self) -> float | None:
        """The share of attempts that failed, from 0 to 1; None where none ended."""
        ended = self.completed + self.failed
        return self.failed / ended if ended else None

    @property
    def utilisation(self) -> float | None:
        """The share of places that are taken, from 0 to 1; None without workers."""
        return self.busy / self.places if self.places else None

    @property
    def until_empty(self) -> timedelta | None:
        """How long what is ready or runs would take at this throughput, if nothing came in.

        None where that cannot be told: nothing was completed within the window, or it would take years.
        """
        waiting = self.counts[JobState.READY] + self.counts[JobState.RUNNING]
        if not waiting:
            return timedelta(0)
        if not self.completed:
            return None
        seconds = waiting / self.throughput
        return timedelta(seconds=seconds) if seconds < _LONGEST else None
