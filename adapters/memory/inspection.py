"""Looking at jobs and workers."""

from collections import Counter
from collections.abc import Mapping

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.inspection import (
    AttemptOutcome,
    AttemptRecord,
    JobInspection,
    JobRecord,
    WorkerRecord,
)
from domain.jobs import JobId, JobNotFound, JobState


class InMemoryInspection(JobInspection):
    """Looks at what is committed in a database."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Look at all queues of `database`."""
        self._database = database

    async def job(self, job_id: JobId) -> JobRecord:
        """Return one job as `JobInspection.job` promises."""
        job = self._database.jobs.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return JobRecord(
            id=job.id,
            queue=job.queue,
            type=job.type,
            payload=job.payload,
            state=job.state,
            priority=job.priority,
            run_at=job.run_at,
            enqueued_at=job.enqueued_at,
            finished_at=job.finished_at,
            attempts=(*job.history, *_last_attempt(job)),
        )

    async def counts(self, queue: str | None = None) -> Mapping[JobState, int]:
        """Count as `JobInspection.counts` promises. Looks at every job."""
        counted = Counter(job.state for job in self._database.jobs if queue in (None, job.queue))
        return {state: counted[state] for state in JobState}

    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        """List as `JobInspection.workers` promises."""
        found = [worker for worker in self._database.workers if queue in (None, worker.queue)]
        found.sort(key=lambda worker: (worker.queue, worker.registration.pool_name, worker.id))
        return [
            WorkerRecord(
                pool_name=worker.registration.pool_name,
                queue=worker.queue,
                size=worker.registration.size,
                types=tuple(sorted(worker.registration.max_attempts)),
                version=worker.registration.version,
                last_seen=worker.last_seen,
            )
            for worker in found
        ]


def _last_attempt(job: StoredJob) -> list[AttemptRecord]:
    started_at = job.started_at or job.claimed_at
    if started_at is None or job.state not in (JobState.RUNNING, JobState.COMPLETED):
        return []
    completed = job.state is JobState.COMPLETED
    return [
        AttemptRecord(
            number=job.attempt,
            pool_name=job.pool_name,
            started_at=started_at,
            finished_at=job.finished_at,
            outcome=AttemptOutcome.COMPLETED if completed else AttemptOutcome.RUNNING,
            error=None,
            traceback=None,
        ),
    ]
