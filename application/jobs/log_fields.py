"""What lines of a log say of the job they are about, beside the message."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import TypedDict

from application.jobs.job_store import ClaimedJob
from application.jobs.options import shown_name
from domain.jobs import NoCurrentJob, current_job


class LogFields(TypedDict, total=False):
    """A field has one type for life, which stores of logs insist on: a batch of several jobs has a field of its own."""

    job_id: int
    job_ids: list[int]
    """Of a batch of several jobs, instead of `job_id`."""
    job_type: str
    queue: str
    """By the name under which it is shown."""
    attempt: int


def fields_of(job: ClaimedJob, queue: str) -> LogFields:
    """Return what is said of one job."""
    return LogFields(job_id=job.id, job_type=job.type, queue=shown_name(queue), attempt=job.attempt)


def enter_batch(jobs: Sequence[ClaimedJob], queue: str) -> None:
    """Make these the jobs that the lines of this context are about. For whoever runs job funcs."""
    _batch.set(fields_of(jobs[0], queue) if len(jobs) == 1 else _fields_of_several(jobs, queue))


def current_fields() -> LogFields:
    """Return what is said of the job or the batch that the calling code runs for; nothing outside job funcs."""
    try:
        job = current_job()
    except NoCurrentJob:
        return _batch.get()
    return LogFields(job_id=job.id, job_type=job.type, queue=shown_name(job.queue), attempt=job.attempt)


def _fields_of_several(jobs: Sequence[ClaimedJob], queue: str) -> LogFields:
    return LogFields(
        job_ids=[job.id for job in jobs],
        job_type=jobs[0].type,
        queue=shown_name(queue),
        attempt=jobs[0].attempt,  # the same for all: what has failed before is tried alone
    )


_batch: ContextVar[LogFields] = ContextVar("arrower_batch", default=LogFields())  # noqa: B039  # never changed
