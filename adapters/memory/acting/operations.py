"""Acting on a job."""

from datetime import datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.acting import Cancelled, JobOperations
from domain.jobs import JobId, JobNotFound, JobState, WrongJobState

REVIVABLE = (JobState.DEAD, JobState.CANCELLED)
WAITING = (JobState.SCHEDULED, JobState.READY)


class InMemoryOperations(JobOperations):
    """Acts at once, whatever unit of work is open."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Act on all queues of `database`."""
        self._database = database

    async def retry(self, job_id: JobId) -> None:
        job = self._found(job_id)
        if job.state not in (*REVIVABLE, JobState.SCHEDULED):
            raise WrongJobState(job_id, job.state, "dead, cancelled or scheduled")
        self._database.jobs.revive(job, self._database.now())

    async def cancel(self, job_id: JobId) -> Cancelled:
        job = self._found(job_id)
        if job.state is JobState.RUNNING:
            self._database.jobs.call_off(job, self._database.now())
            return Cancelled.REQUESTED
        if job.state not in WAITING:
            raise WrongJobState(job_id, job.state, "scheduled, ready or running")
        self._database.jobs.end(job, JobState.CANCELLED, self._database.now())
        return Cancelled.NOW

    async def delete(self, job_id: JobId) -> None:
        job = self._found(job_id)
        if job.state is JobState.RUNNING:
            raise WrongJobState(job_id, job.state, "waiting and finished")
        self._database.jobs.delete(job)

    async def change(self, job_id: JobId, *, priority: int | None = None, run_at: datetime | None = None) -> None:
        job = self._found(job_id)
        if job.state not in WAITING:
            raise WrongJobState(job_id, job.state, "scheduled or ready")
        self._database.jobs.move(job, priority, run_at, self._database.now())

    def _found(self, job_id: JobId) -> StoredJob:
        job = self._database.jobs.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return job
