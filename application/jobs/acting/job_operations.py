"""The port for acting on one job."""

from abc import abstractmethod
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from domain.jobs import JobId


class Cancelled(Enum):
    """What became of a wish to call a job off."""

    NOW = auto()
    """It waited, and is cancelled."""
    REQUESTED = auto()
    """It runs: its worker is told, and it ends cancelled unless it completes first."""


class JobOperations(Protocol):
    """Acts on one job. Each method raises `JobNotFound`, or `WrongJobState`, and changes nothing then."""

    @abstractmethod
    async def retry(self, job_id: JobId) -> None:
        """Make a dead, cancelled or scheduled job ready now; a finished one gets all its attempts anew."""

    @abstractmethod
    async def cancel(self, job_id: JobId) -> Cancelled:
        """Call a scheduled, ready or running job off.

        The job func of a running one is cancelled and its transaction rolled back. A job that completes
        first stays completed; one whose attempt ends in any other way, or whose worker dies, is cancelled.
        Asked again it changes nothing.
        """

    @abstractmethod
    async def delete(self, job_id: JobId) -> None:
        """Remove a job that does not run, with its history."""

    @abstractmethod
    async def change(self, job_id: JobId, *, priority: int | None = None, run_at: datetime | None = None) -> None:
        """Change a scheduled or ready job; None leaves a value as it is.

        `run_at` is timezone-aware: later than now the job is scheduled, else it is ready.
        """
