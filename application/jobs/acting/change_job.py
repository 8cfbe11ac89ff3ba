"""Changing when a job runs."""

from datetime import datetime

from application.jobs.acting.job_operations import JobOperations
from application.jobs.new_jobs import checked_priority, checked_run_at
from domain.jobs import InvalidRequest, JobId


class ChangeJob:
    """Moves a job in its line."""

    def __init__(self, operations: JobOperations) -> None:
        self._operations = operations

    async def __call__(self, job_id: JobId, *, priority: int | None = None, run_at: datetime | None = None) -> None:
        """Change the priority, the earliest start, or both, of a scheduled or ready job.

        Raises `InvalidPriority` or `InvalidRunAt` as enqueue does, `InvalidRequest` where neither is given,
        `JobNotFound`, or `WrongJobState` where it runs or has finished.
        """
        if priority is None and run_at is None:
            msg = "nothing to change: give a priority, a time, or both"
            raise InvalidRequest(msg)
        await self._operations.change(
            job_id,
            priority=None if priority is None else checked_priority(priority),
            run_at=checked_run_at(run_at),
        )
