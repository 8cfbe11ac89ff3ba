"""Acting on a job."""

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.inspection import JobOperations
from domain.jobs import JobId, JobNotFound, JobState, WrongJobState

_FINISHED = (JobState.DEAD, JobState.CANCELLED)
_WAITING = (JobState.SCHEDULED, JobState.READY)


class InMemoryOperations(JobOperations):
    """Acts at once, whatever unit of work is open."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Act on all queues of `database`."""
        self._database = database

    async def retry(self, job_id: JobId) -> None:
        """Retry as `JobOperations.retry` promises."""
        job = self._found(job_id)
        if job.state in _FINISHED:
            job.attempt = job.rescues = 0
        elif job.state is not JobState.SCHEDULED:
            raise WrongJobState(job_id, job.state, "dead, cancelled or scheduled")
        self._database.jobs.make_ready(job, self._database.now())

    async def cancel(self, job_id: JobId) -> None:
        """Cancel as `JobOperations.cancel` promises."""
        job = self._found(job_id)
        if job.state not in _WAITING:
            raise WrongJobState(job_id, job.state, "scheduled or ready")
        self._database.jobs.end(job, JobState.CANCELLED, self._database.now())

    def _found(self, job_id: JobId) -> StoredJob:
        job = self._database.jobs.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return job
