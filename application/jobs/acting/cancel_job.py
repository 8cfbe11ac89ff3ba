"""Calling one job off."""

from application.jobs.acting.job_operations import Cancelled, JobOperations
from domain.jobs import JobId


class CancelJob:
    """Sees to it that a job does not complete."""

    def __init__(self, operations: JobOperations) -> None:
        self._operations = operations

    async def __call__(self, job_id: JobId) -> Cancelled:
        """Call a scheduled, ready or running job off, and tell whether it is, or its worker was asked to.

        A running one stays completed where it completes first. Raises `JobNotFound`, or `WrongJobState`
        where it has finished.
        """
        return await self._operations.cancel(job_id)
