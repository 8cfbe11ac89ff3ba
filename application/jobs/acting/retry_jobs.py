"""Retrying every job that matches."""

from datetime import datetime

from application.jobs.acting.batches import Batches, Progress
from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import JobFilter
from application.jobs.looking.job_listing import JobListing
from domain.jobs import JobState

_ALLOWED = frozenset((JobState.DEAD, JobState.CANCELLED, JobState.SCHEDULED))


class RetryJobs:
    """Lets many jobs run now. The filter names a state: dead, cancelled or scheduled."""

    def __init__(self, listing: JobListing, operations: BulkOperations) -> None:
        self._operations = operations
        self._batches = Batches(listing, operations, _ALLOWED)

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many it would touch now. Raises `InvalidRequest`."""
        return await self._batches.count(wanted)

    async def __call__(self, wanted: JobFilter, progress: Progress | None = None) -> int:
        """Retry each job once that matches now, as `RetryJob` does, and return how many.

        Those that die anew meanwhile are left alone. Raises `InvalidRequest`.
        """
        return await self._batches.run(self._retry, wanted, progress)

    async def _retry(self, wanted: JobFilter, as_of: datetime, limit: int) -> int:
        return await self._operations.retry(wanted, as_of=as_of, limit=limit)
