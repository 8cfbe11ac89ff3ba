"""Showing one job."""

from dataclasses import dataclass

from application.jobs.looking.inspection import JobInspection
from application.jobs.looking.job_record import JobRecord
from application.jobs.looking.waiting import Waiting, waiting_of
from domain.jobs import JobId


@dataclass(frozen=True, slots=True)
class JobView:
    """A job, and why it is not running."""

    job: JobRecord
    waiting: Waiting | None
    """None where it runs or has finished."""


class ShowJob:
    """Tells everything of one job."""

    def __init__(self, inspection: JobInspection) -> None:
        self._inspection = inspection

    async def __call__(self, job_id: JobId) -> JobView:
        """Return the job with the history of its attempts, and what it waits for. Raises `JobNotFound`."""
        job = await self._inspection.job(job_id)
        return JobView(job, waiting_of(job, await self._inspection.workers(job.queue)))
