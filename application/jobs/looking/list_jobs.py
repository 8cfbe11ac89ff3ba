"""Listing jobs, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from application.jobs.looking.count import Count
from application.jobs.looking.cursor import cursor_of, position_of
from application.jobs.looking.job_filter import FINISHED, JobFilter
from application.jobs.looking.job_listing import JobListing, JobSummary, Position
from domain.jobs import InvalidRequest, JobState

LONGEST_PAGE = 1_000
_MOST_STRETCHES = 5
_WAITING = frozenset((JobState.READY, JobState.SCHEDULED))
_FOUND_BY_TYPE = (JobState.RUNNING, JobState.DEAD)
"""States whose jobs of a type are found however many others there are."""
_FOUND_BY_QUEUE = (JobState.RUNNING, JobState.READY, JobState.SCHEDULED, JobState.DEAD)


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of a list."""

    jobs: Sequence[JobSummary]
    next: str | None
    """What to ask the next page with; None at the end of the list."""
    is_cut_short: bool = False
    """Whether so little matches that the search stopped before the page was full, and goes on with the next one."""


def begins_with_the_newest(state: JobState | None) -> bool:
    """Tell from which end a list is shown where nobody says: of jobs that wait, the one that runs next comes first."""
    return state not in _WAITING


class ListJobs:
    """Finds jobs by queue, state, type and text."""

    def __init__(self, listing: JobListing) -> None:
        self._listing = listing

    async def __call__(
        self,
        wanted: JobFilter,
        *,
        after: str | None = None,
        limit: int = 50,
        newest_first: bool | None = None,
    ) -> JobPage:
        """Return the page that follows `after`, the first one where that is None.

        Ready jobs are in the order in which they start, scheduled ones in that in which they are due: None begins
        with the next one, `newest_first` with the last. Finished ones are in the order of their end, all others in
        that of enqueue: None begins with the newest.

        Jobs that come or go between two pages make no job appear twice. A page can be cut short, or empty, while there
        is a next one: where few of very many match, each page searches a bounded number.

        Raises `InvalidRequest` where `after` does not come from a page of this filter, or `limit` is not
        from 1 to 1000.
        """
        if not 1 <= limit <= LONGEST_PAGE:
            msg = f"a page has from 1 to {LONGEST_PAGE} jobs, not {limit}"
            raise InvalidRequest(msg)
        position = None if after is None else position_of(after)
        if position is not None and not is_of(wanted.state, position):
            msg = f"{after!r:.100} is a place in a list of another order"
            raise InvalidRequest(msg)
        if newest_first is None:
            newest_first = begins_with_the_newest(wanted.state)
        jobs: list[JobSummary] = []
        for _ in range(_MOST_STRETCHES):
            stretch = await self._listing.stretch(
                wanted,
                after=position,
                limit=limit - len(jobs),
                newest_first=newest_first,
            )
            jobs += stretch.jobs
            position = stretch.next
            if position is None or len(jobs) >= limit:
                break
        if position is None:
            return JobPage(jobs, None)
        return JobPage(jobs, cursor_of(position), is_cut_short=len(jobs) < limit)

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many jobs match, an estimate where there are very many."""
        return await self._listing.count(wanted)

    async def found_at_once(self, wanted: JobFilter) -> Mapping[JobState, Count]:
        """Return how many match in those states by which they need not be searched for, where no state is named.

        Worth telling beside a page that was cut short.
        """
        if wanted.state is not None or wanted.text is not None:
            return {}  # a text has to be searched for in every state
        states = _FOUND_BY_TYPE if wanted.queue is None else _FOUND_BY_QUEUE
        counts = {state: await self.count(replace(wanted, state=state)) for state in states}
        is_known = wanted == JobFilter(queue=wanted.queue)  # of nothing else an estimate tells that there are any
        return {state: count for state, count in counts.items() if count and (count.exact or is_known)}


def is_of(state: JobState | None, position: Position) -> bool:
    """Tell whether a place is one in a list of jobs in a state; None is all."""
    has_time, has_priority = state in FINISHED | _WAITING, state is JobState.READY
    return (position.at is not None, position.priority is not None) == (has_time, has_priority)
