"""Deleting one job."""

from application.jobs.acting.job_operations import JobOperations
from domain.jobs import JobId


class DeleteJob:
    """Removes a job as if it had never been."""

    def __init__(self, operations: JobOperations) -> None:
        self._operations = operations

    async def __call__(self, job_id: JobId) -> None:
        """Remove it with its history. Raises `JobNotFound`, or `WrongJobState` where it runs: cancel it first."""
        await self._operations.delete(job_id)
