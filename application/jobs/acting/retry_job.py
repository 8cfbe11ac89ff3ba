"""Retrying one job."""

from application.jobs.acting.job_operations import JobOperations
from domain.jobs import JobId


class RetryJob:
    """Lets a job run now that would run later, or not at all."""

    def __init__(self, operations: JobOperations) -> None:
        self._operations = operations

    async def __call__(self, job_id: JobId) -> None:
        """Make a dead, cancelled or scheduled job ready; a finished one gets all its attempts anew.

        Its history is kept. Raises `JobNotFound`, or `WrongJobState` where it is ready, running or completed.
        """
        await self._operations.retry(job_id)
