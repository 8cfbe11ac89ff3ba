"""Acting on many jobs, a bounded number at a time."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import JobFilter
from application.jobs.looking.job_listing import JobListing
from domain.jobs import InvalidRequest, JobState

_BATCH = 500

Progress = Callable[[int], None]
"""Is told after each batch how many jobs were touched so far."""


class Batches:
    """Counts the jobs that match, and acts on them in batches that others can get in between."""

    def __init__(self, listing: JobListing, operations: BulkOperations, allowed: frozenset[JobState]) -> None:
        """Act on jobs in one of the states `allowed`."""
        self._listing = listing
        self._operations = operations
        self._allowed = allowed

    async def count(self, wanted: JobFilter) -> Count:
        """Return how many match now. Raises `InvalidRequest`."""
        self._check(wanted)
        return await self._listing.count(wanted)

    async def run(
        self,
        act: Callable[[JobFilter, datetime, int], Awaitable[int]],
        wanted: JobFilter,
        progress: Progress | None,
    ) -> int:
        """Act until nothing is left that matched at the begin. Returns how many were touched.

        Raises `InvalidRequest`. What was touched before any other error stays touched.
        """
        self._check(wanted)
        as_of, touched = await self._operations.now(), 0
        while batch := await act(wanted, as_of, _BATCH):
            touched += batch
            if progress is not None:
                progress(touched)
        return touched

    def _check(self, wanted: JobFilter) -> None:
        if wanted.state not in self._allowed:
            states = ", ".join(sorted(self._allowed))
            msg = f"say which state the jobs are in: one of {states}" + (
                f", not {wanted.state}" if wanted.state else ""
            )
            raise InvalidRequest(msg)
