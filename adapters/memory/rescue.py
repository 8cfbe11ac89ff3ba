"""Freeing the jobs of a worker that died."""

import logging
from datetime import datetime

from adapters.memory.job_table import JobTable
from adapters.memory.stored import StoredJob, Worker
from application.jobs.error_kind import death_of
from application.jobs.job_store import ErrorReport, RescuedJobs
from application.jobs.looking import AttemptOutcome, AttemptRecord
from domain.jobs import JobState
from domain.jobs.queue import DEFAULT_RETRY

logger = logging.getLogger("arrower.rescue")


def rescue(worker: Worker, table: JobTable, now: datetime) -> RescuedJobs:
    """Free what the worker owns: ready at once, or dead where that was the last attempt."""
    jobs = list(worker.jobs.values())
    died = sum(_rescue_job(job, worker, table, now) for job in jobs)
    buried = sum(job.state is JobState.DEAD for job in jobs)
    if jobs:
        logger.warning(
            "worker %d of pool %s died: %d of its jobs are free again, %d are dead",
            worker.id,
            worker.registration.pool_name,
            len(jobs) - buried,
            buried,
        )
    return RescuedJobs(worker.queue, freed=len(jobs) - buried, buried=buried, died=died)


def _rescue_job(job: StoredJob, worker: Worker, table: JobTable, now: datetime) -> bool:
    """Tell whether the attempt counts."""
    allowed = worker.registration.max_attempts.get(job.type, DEFAULT_RETRY.max_attempts)
    # Where it matters, attempts are marked when they begin: one that is not marked was only prefetched.
    refunded = job.started_at is None and (job.rescues > 0 or allowed == 1)
    job.rescues += 1
    if refunded:
        job.attempt -= 1
    else:
        job.history += (_death(job, worker, now),)
    if job.cancel_requested_at is not None:
        table.end(job, JobState.CANCELLED, now)
    elif refunded or job.attempt < allowed:
        table.make_ready(job, job.run_at)
    else:
        table.end(job, JobState.DEAD, now)
    return not refunded


def _death(job: StoredJob, worker: Worker, now: datetime) -> AttemptRecord:
    error = ErrorReport(death_of(worker.id, worker.registration.pool_name), "")
    return job.ended_attempt(AttemptOutcome.DIED, job.started_at or job.claimed_at or now, now, error)
