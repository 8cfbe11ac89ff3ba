"""What is accepted at enqueue, and what is refused."""

from collections.abc import Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any, cast

from application.jobs.job_store import Enqueueing, NewJob
from application.jobs.payloads import Payloads
from domain.jobs import InvalidJob, InvalidPriority, InvalidRunAt, job_type_of

_PRIORITIES = range(-32_768, 32_768)


def enqueueing_of(
    jobs: Sequence[object],
    run_at: datetime | None,
    priority: int,
    payloads: Payloads,
) -> Enqueueing:
    """Check everything and encode it; the carrier is still missing.

    Raises a subclass of `EnqueueFailed` that names the problem.
    """
    if not jobs:
        msg = "an empty list was enqueued: give at least one job"
        raise InvalidJob(msg)
    return Enqueueing(
        jobs=_new_jobs(jobs, payloads),
        run_at=checked_run_at(run_at),
        priority=checked_priority(priority),
        carrier=None,
    )


def _new_jobs(jobs: Sequence[object], payloads: Payloads) -> list[NewJob]:
    types: dict[type, str] = {}
    new: list[NewJob] = []
    for job in jobs:  # a call less for each of many
        job_type = types.get(type(job))
        if job_type is None:
            types[type(job)] = job_type = _type_of(job)
        new.append((job_type, payloads.encode(job)))
    return new


def _type_of(job: object) -> str:
    if isinstance(job, type) or not is_dataclass(job):
        msg = f"{job!r:.100} is not a job: a job is an instance of a dataclass"
        raise InvalidJob(msg)
    return job_type_of(type(job))


def checked_priority(priority: object) -> int:
    """Return the priority. Raises `InvalidPriority`."""
    if isinstance(priority, int) and not isinstance(priority, bool) and priority in _PRIORITIES:
        return priority
    msg = f"the priority must be an integer from -32768 (first) to 32767 (last), not {priority!r:.50}"
    raise InvalidPriority(msg)


def checked_run_at(run_at: object) -> datetime | None:
    """Return the instant in UTC, or None for None. Raises `InvalidRunAt`."""
    if run_at is None:
        return None
    if not isinstance(run_at, datetime):
        msg = f"run_at must be a timezone-aware datetime, not {run_at!r:.50}"
        raise InvalidRunAt(msg)
    if run_at.utcoffset() is None:
        msg = f"run_at must be timezone-aware, {run_at!r} is naive: use datetime.now(UTC) or an offset"
        raise InvalidRunAt(msg)
    try:
        return run_at.astimezone(UTC)
    except OverflowError as error:
        msg = f"run_at {run_at!r} is out of range in UTC"
        raise InvalidRunAt(msg) from error


def as_list(job: object) -> list[Any] | None:
    """Return the jobs of a list or tuple, or None where `job` is a single one."""
    return list(cast("Sequence[Any]", job)) if isinstance(job, (list, tuple)) else None
