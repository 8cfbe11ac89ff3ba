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
    """A place in a list: after this job. What a list is not ordered by is None."""

    at: datetime | None
    """Its end, or when it is due."""
    id: JobId
    priority: int | None = None


class Stretch(NamedTuple):
    """A piece of a list."""

    jobs: Sequence[JobSummary]
    next: Position | None
    """Where it goes on; None at the end of the list."""


class Picked(NamedTuple):
    """A piece of a list, by its ids."""

    ids: Sequence[JobId]
    next: Position | None
    """Where it goes on; None at the end of the list."""


class JobListing(Protocol):
    """Finds jobs by what they have in common.

    A list has the order that its state has: ready jobs that in which they start (by priority, then `run_at`, then
    enqueue), scheduled ones that in which they are due, finished ones that of their end, all others that of enqueue.
    """

    @abstractmethod
    async def stretch(
        self,
        wanted: JobFilter,
        *,
        after: Position | None,
        limit: int,
        newest_first: bool,
    ) -> Stretch:
        """Return up to `limit` jobs, in the order of the list, or from its other end.

        Reads a bounded number of jobs: where few of very many match, there may be less than `limit` jobs, or
        none, and yet a next position.
        """

    @abstractmethod
    async def pick(self, wanted: JobFilter, *, after: Position | None, limit: int) -> Picked:
        """Return the ids of what `stretch` would return, in the order of the list."""

    @abstractmethod
    async def count(self, wanted: JobFilter) -> Count:
        """Return how many jobs match. With a text, very many are not searched, and the number is an estimate."""
