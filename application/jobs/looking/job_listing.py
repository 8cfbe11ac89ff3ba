"""The port for lists of jobs."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from application.jobs.looking.count import Count
from application.jobs.looking.job_filter import JobFilter
from domain.jobs import JobId, JobState


@dataclass(frozen=True, slots=True)
class JobSummary:
    """A job in a list. Times are timezone-aware UTC."""

    id: JobId
    queue: str
    type: str
    state: JobState
    priority: int
    attempt: int
    """Attempts used."""
    payload: str
    """The beginning of its payload, at most 500 characters."""
    run_at: datetime
    enqueued_at: datetime
    started_at: datetime | None
    """The begin of the attempt that runs, or ended the job."""
    finished_at: datetime | None
    error: str | None
    """What the last failed attempt ended with, of jobs that are dead or wait for a retry."""


class Position(NamedTuple):
    """A place in a list: after this job. `at` is its end, in lists that are ordered by that."""

    at: datetime | None
    id: JobId


class Stretch(NamedTuple):
    """A piece of a list."""

    jobs: Sequence[JobSummary]
    next: Position | None
    """Where it goes on; None at the end of the list."""


class JobListing(Protocol):
    """Finds jobs by what they have in common."""

    @abstractmethod
    async def stretch(
        self,
        wanted: JobFilter,
        *,
        after: Position | None,
        limit: int,
        newest_first: bool,
    ) -> Stretch:
        """Return up to `limit` jobs.

        In order of their end where the filter names a finished state, else in order of enqueue. Reads a
        bounded number of jobs: where few of very many match, there may be less than `limit` jobs, or
        none, and yet a next position.
        """

    @abstractmethod
    async def count(self, wanted: JobFilter) -> Count:
        """Return how many jobs match. With a text, very many are not searched, and the number is an estimate."""
