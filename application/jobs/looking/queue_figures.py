"""The port for the numbers of queues."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from application.jobs.looking.queue_record import QueueRecord

RESOLUTION = timedelta(seconds=10)
"""What ended is counted in steps of this length."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What ended in a stretch of time. Buckets without anything are there, too, with zeros."""

    start: datetime
    """Timezone-aware UTC; the bucket goes on to the start of the next."""
    completed: int
    failed: int
    """Attempts that failed, or whose worker died."""
    dead: int
    cancelled: int


class QueueFigures(Protocol):
    """Counts and measures. What ended within the last seconds may be missing."""

    @abstractmethod
    async def queues(self, window: timedelta) -> list[QueueRecord]:
        """Return every queue that has jobs, workers or a past, by name; rates and times over the last `window`."""

    @abstractmethod
    async def throughput(self, since: datetime, *, step: timedelta, queue: str | None = None) -> list[Bucket]:
        """Return what ended from `since` until now, in buckets of `step`; None is all queues.

        `step` is a multiple of `RESOLUTION`, and `since` is rounded down to one of its multiples.
        """

    @abstractmethod
    async def throughput_by_queue(self, since: datetime, *, step: timedelta) -> Mapping[str, list[Bucket]]:
        """Return the same for each queue in which something ended."""
