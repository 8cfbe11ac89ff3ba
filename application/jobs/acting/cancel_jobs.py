"""Calling every job off that matches."""

from datetime import datetime

from application.jobs.acting.batches import Batches, Progress
from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import JobFilter
from application.jobs.looking.job_listing import JobListing
from domain.jobs import JobState

_ALLOWED = frozenset((JobState.SCHEDULED, JobState.READY, JobState.RUNNING))


class CancelJobs:
    """Calls many jobs off. The filter names a state: scheduled, ready or running."""

    def __init__(self, listing: JobListing, operations: BulkOperations) -> None:
        self._operations = operations
        self._batches = Batches(listing, operations, _ALLOWED)

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many it would touch now. Raises `InvalidRequest`."""
        return await self._batches.count(wanted)

    async def __call__(self, wanted: JobFilter, progress: Progress | None = None) -> int:
        """Call each job off that matches now, as `CancelJob` does, and return how many.

        Running ones are counted when their workers are asked. Raises `InvalidRequest`.
        """
        return await self._batches.run(self._cancel, wanted, progress)

    async def _cancel(self, wanted: JobFilter, as_of: datetime, limit: int) -> int:
        return await self._operations.cancel(wanted, as_of=as_of, limit=limit)
