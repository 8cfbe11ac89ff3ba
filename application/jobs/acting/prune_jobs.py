"""Forgetting the history by hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.acting.delete_jobs import DeleteJobs
from application.jobs.acting.many_jobs import Progress
from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import FINISHED, JobFilter
from application.jobs.looking.job_listing import JobListing
from domain.jobs import InvalidRequest, JobState

DEFAULT_STATES = (JobState.COMPLETED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is to be forgotten. Raises `InvalidRequest`."""

    older_than: timedelta
    """Since the end of the job."""
    states: Collection[JobState] = DEFAULT_STATES
    """Finished ones; the dead go only where they are named."""
    queue: str | None = None
    """None is all queues."""

    def __post_init__(self) -> None:
        if self.older_than < timedelta(0):
            msg = f"an age is not negative: {self.older_than}"
            raise InvalidRequest(msg)
        if not self.states or not FINISHED.issuperset(self.states):
            msg = f"only finished jobs are pruned: name states among {', '.join(sorted(FINISHED))}"
            raise InvalidRequest(msg)


class PruneJobs:
    """Removes finished jobs by their age. Running pools do it by themselves after the retention of their queue."""

    def __init__(self, listing: JobListing, operations: BulkOperations) -> None:
        self._operations = operations
        self._delete_jobs = DeleteJobs(listing, operations)

    async def count(self, retention: Retention) -> Count:
        """Return how many it would remove now."""
        counts = [await self._delete_jobs.count(wanted) for wanted in await self._filters(retention)]
        return Count(sum(counts), exact=all(count.exact for count in counts))

    async def __call__(self, retention: Retention, progress: Progress | None = None) -> int:
        """Remove them, and return how many."""
        removed = 0
        for wanted in await self._filters(retention):
            removed += await self._delete_jobs(wanted, _onwards(progress, removed))
        return removed

    async def _filters(self, retention: Retention) -> list[JobFilter]:
        before = _earlier(await self._operations.now(), retention.older_than)
        return [
            JobFilter(queue=retention.queue, state=state, finished_before=before) for state in sorted(retention.states)
        ]


def _earlier(now: datetime, age: timedelta) -> datetime:
    try:
        return now - age
    except OverflowError as error:
        msg = f"no job is {age} old"
        raise InvalidRequest(msg) from error


def _onwards(progress: Progress | None, before: int) -> Progress | None:
    return None if progress is None else lambda touched: progress(before + touched)
