"""Which job is running here."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from domain.jobs.errors import NoCurrentJob
from domain.jobs.job_id import JobId


class CurrentJob(NamedTuple):
    """The job a job func is running for."""

    id: JobId
    """The same in every attempt: use it as the idempotency key for effects outside the database."""
    attempt: int
    """1 for the first attempt."""
    queue: str
    type: str
    enqueued_at: datetime
    """Timezone-aware UTC."""


_current: ContextVar[Callable[[], CurrentJob] | None] = ContextVar("arrower_current_job", default=None)


def current_job() -> CurrentJob:
    """Return the job that the calling code runs for, also in threads and tasks the job func started.

    Raises `NoCurrentJob` outside a job func.
    """
    describe = _current.get()
    if describe is None:
        msg = "no job is running here: current_job() answers only inside a job func"
        raise NoCurrentJob(msg)
    return describe()


def enter_job(describe: Callable[[], CurrentJob]) -> None:
    """Make a job the current one of this context, described when somebody asks. For whoever runs job funcs."""
    _current.set(describe)
