"""Deleting every job that matches."""

from datetime import datetime

from application.jobs.acting.batches import Batches, Progress
from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import JobFilter
from application.jobs.looking.job_listing import JobListing
from domain.jobs import JobState

_ALLOWED = frozenset(JobState) - {JobState.RUNNING}


class DeleteJobs:
    """Removes many jobs. The filter names a state, any but running."""

    def __init__(self, listing: JobListing, operations: BulkOperations) -> None:
        self._operations = operations
        self._batches = Batches(listing, operations, _ALLOWED)

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many it would touch now. Raises `InvalidRequest`."""
        return await self._batches.count(wanted)

    async def __call__(self, wanted: JobFilter, progress: Progress | None = None) -> int:
        """Delete each job that matches now, with its history, and return how many. Raises `InvalidRequest`."""
        return await self._batches.run(self._delete, wanted, progress)

    async def _delete(self, wanted: JobFilter, as_of: datetime, limit: int) -> int:
        return await self._operations.delete(wanted, as_of=as_of, limit=limit)
