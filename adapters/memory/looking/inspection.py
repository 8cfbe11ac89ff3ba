"""Looking at jobs and workers."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob, Worker
from application.jobs.looking import AttemptOutcome, AttemptRecord, Count, JobInspection, JobRecord, WorkerRecord
from domain.jobs import JobId, JobNotFound, JobState


class InMemoryInspection(JobInspection):
    """Looks at what is committed in a database."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Look at all queues of `database`."""
        self._database = database

    async def now(self) -> datetime:
        return self._database.now()

    async def job(self, job_id: JobId) -> JobRecord:
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
            attempt=job.attempt,
            enqueued_at=job.enqueued_at,
            finished_at=job.finished_at,
            carrier=job.carrier,
            cancel_requested_at=job.cancel_requested_at if job.state is JobState.RUNNING else None,
            queue_paused_at=self._database.paused.get(job.queue),
            attempts=(*job.history, *_last_attempt(job)),
            seen_at=self._database.now(),
        )

    async def counts(self, queue: str | None = None) -> Mapping[JobState, Count]:
        """Count as `JobInspection.counts` promises. Looks at every job."""
        counted = Counter(job.state for job in self._database.jobs if queue in (None, job.queue))
        return {state: Count(counted[state]) for state in JobState}

    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        found = [worker for worker in self._database.workers if queue in (None, worker.queue)]
        found.sort(key=lambda worker: (worker.queue, worker.registration.pool_name, worker.id))
        return [_worker_record(worker) for worker in found]


def _worker_record(worker: Worker) -> WorkerRecord:
    registration = worker.registration
    return WorkerRecord(
        id=worker.id,
        pool_name=registration.pool_name,
        queue=worker.queue,
        size=registration.size,
        owned=len(worker.jobs),
        types=tuple(sorted(registration.max_attempts)),
        version=registration.version,
        host=worker.host,
        pid=worker.pid,
        started_at=worker.started_at,
        last_seen=worker.last_seen,
        lease=registration.lease,
    )


def _last_attempt(job: StoredJob) -> list[AttemptRecord]:
    started_at = job.started_at or job.claimed_at
    if started_at is None or job.state not in (JobState.RUNNING, JobState.COMPLETED):
        return []
    completed = job.state is JobState.COMPLETED
    outcome = AttemptOutcome.COMPLETED if completed else AttemptOutcome.RUNNING
    return [job.ended_attempt(outcome, started_at, job.finished_at)]
