"""The port for acting on many jobs."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.jobs import JobId, JobState


class BulkOperations(Protocol):
    """Acts on those of some jobs that are in the state in which they were found; all at once, or none.

    Left alone are those that came, or ended, after `as_of`, so that a long run does not meet jobs again that it has
    touched; and those that somebody else is acting on at this instant. Each method returns how many jobs it touched.
    """

    @abstractmethod
    async def now(self) -> datetime:
        """Return the instant to use as `as_of`, by the clock of the store."""

    @abstractmethod
    async def retry(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        """Retry dead, cancelled or scheduled jobs, as `JobOperations.retry` does."""

    @abstractmethod
    async def cancel(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        """Cancel scheduled, ready or running jobs, as `JobOperations.cancel` does."""

    @abstractmethod
    async def delete(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        """Delete jobs that do not run, as `JobOperations.delete` does."""
