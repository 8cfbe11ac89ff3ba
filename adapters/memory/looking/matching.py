"""Which stored jobs a filter means."""

from collections.abc import Iterator

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.error_kind import kind_of
from application.jobs.looking import JobFilter


def matching(database: InMemoryDatabase, wanted: JobFilter) -> Iterator[StoredJob]:
    """Go through the committed jobs that match, in order of enqueue."""
    return (job for job in database.jobs if matches(job, wanted))


def matches(job: StoredJob, wanted: JobFilter) -> bool:
    """Tell whether a job is meant."""
    return (
        wanted.queue in (None, job.queue)
        and wanted.state in (None, job.state)
        and wanted.type in (None, job.type)
        and (wanted.text is None or wanted.text.lower() in job.payload.lower())
        and (wanted.error is None or wanted.error == error_kind_of(job))
        and (wanted.worker is None or (job.worker is not None and job.worker.id == wanted.worker))
        and (
            wanted.finished_before is None or (job.finished_at is not None and job.finished_at < wanted.finished_before)
        )
    )


def error_kind_of(job: StoredJob) -> str:
    """Return what the last attempt of a job failed with, in general terms."""
    return kind_of(job.history[-1].error or "") if job.history else ""
