"""Acting on every job that matches, a bounded number at a time."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.looking.count import Count
from application.jobs.looking.cursor import cursor_of, position_of
from application.jobs.looking.job_filter import FINISHED, JobFilter
from application.jobs.looking.job_listing import JobListing, Position
from application.jobs.looking.list_jobs import is_of
from domain.jobs import InvalidRequest, JobId, JobState

_BATCH = 500
_FOR_EVER = timedelta.max

Progress = Callable[[int], None]
"""Is told after each batch how many jobs were touched so far."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of an act on many jobs."""

    touched: int
    rest: str | None
    """What to go on with; None at the end."""


class ManyJobs(ABC):
    """Counts the jobs that match, and acts on them in batches that others can get in between.

    Each batch is found and committed by itself, in a bounded time. What was touched before an error stays touched.
    """

    allowed: ClassVar[frozenset[JobState]]
    """The filter names one of these states."""

    def __init__(self, listing: JobListing, operations: BulkOperations) -> None:
        self._listing = listing
        self._operations = operations

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many it would touch now. Raises `InvalidRequest`."""
        self._state_of(wanted)
        return await self._listing.count(wanted)

    async def __call__(self, wanted: JobFilter, progress: Progress | None = None) -> int:
        """Act on each job once that matches now, and return how many were touched.

        Those that come to match meanwhile are left alone. Raises `InvalidRequest`.
        """
        return (await self.portion(wanted, within=_FOR_EVER, progress=progress)).touched

    async def portion(
        self, wanted: JobFilter, *, within: timedelta, rest: str | None = None, progress: Progress | None = None
    ) -> Portion:
        """Do the same for about so long, and return how far it has come; `rest` is that of the portion before.

        Raises `InvalidRequest`, also for a `rest` that does not come from a portion with this filter.
        """
        state = self._state_of(wanted)
        as_of, after = (await self._operations.now(), None) if rest is None else _begin_of(rest, state)
        loop, touched = asyncio.get_running_loop(), 0
        ends_at = loop.time() + within.total_seconds()
        while True:
            picked = await self._listing.pick(wanted, after=after, limit=_BATCH)
            batch = await self._act(picked.ids, state, as_of) if picked.ids else 0
            touched, after = touched + batch, picked.next
            if batch and progress is not None:
                progress(touched)
            if after is None or (state in FINISHED and after.at is not None and after.at > as_of):
                return Portion(touched, None)
            if loop.time() >= ends_at:
                return Portion(touched, f"{as_of.isoformat()} {cursor_of(after)}")

    @abstractmethod
    async def _act(self, jobs: Sequence[JobId], state: JobState, as_of: datetime) -> int:
        raise NotImplementedError

    def _state_of(self, wanted: JobFilter) -> JobState:
        if wanted.state is None or wanted.state not in self.allowed:
            states = ", ".join(sorted(self.allowed))
            msg = f"say which state the jobs are in: one of {states}" + (
                f", not {wanted.state}" if wanted.state else ""
            )
            raise InvalidRequest(msg)
        return wanted.state


def _begin_of(rest: str, state: JobState) -> tuple[datetime, Position]:
    began, _, cursor = rest.partition(" ")
    position = position_of(cursor)
    try:
        as_of = datetime.fromisoformat(began)
    except ValueError:
        as_of = None
    if as_of is None or as_of.utcoffset() is None or not is_of(state, position):
        msg = f"{rest!r:.100} is not where a portion ended"
        raise InvalidRequest(msg)
    return as_of, position
