"""The port for acting on many jobs."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from application.jobs.looking.job_filter import JobFilter


class BulkOperations(Protocol):
    """Acts on up to `limit` of the jobs that match, each batch by itself.

    `as_of` keeps a long run from meeting jobs again that came, or finished anew, after it began. Each
    method returns how many jobs it touched; zero means that nothing is left to do, except jobs that
    somebody else is acting on at this instant.
    """

    @abstractmethod
    async def now(self) -> datetime:
        """Return the instant to use as `as_of`, by the clock of the store."""

    @abstractmethod
    async def retry(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        """Retry dead, cancelled or scheduled jobs, as `JobOperations.retry` does."""

    @abstractmethod
    async def cancel(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        """Cancel scheduled, ready or running jobs, as `JobOperations.cancel` does."""

    @abstractmethod
    async def delete(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        """Delete jobs that do not run, as `JobOperations.delete` does."""
