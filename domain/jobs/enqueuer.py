"""The port through which work is handed over to the background."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, overload

from domain.jobs.job import Job
from domain.jobs.job_id import JobId


class Enqueuer(Protocol):
    """Hands jobs over to run later. All that a use case needs to know of a queue."""

    @overload
    async def enqueue(
        self,
        job: Sequence[Job],
        *,
        run_at: datetime | None = None,
        priority: int = 0,
    ) -> list[JobId]: ...

    @overload
    async def enqueue(
        self,
        job: Job,
        *,
        run_at: datetime | None = None,
        priority: int = 0,
    ) -> JobId: ...

    @abstractmethod
    async def enqueue(
        self,
        job: Job | Sequence[Job],
        *,
        run_at: datetime | None = None,
        priority: int = 0,
    ) -> JobId | list[JobId]:
        """Enqueue one job, or a list of jobs whose kinds may be mixed: all of them or none.

        A job is an instance of any dataclass; its fields are what the job func will receive, equal.

        Inside a unit of work the jobs join its transaction: they exist if and only if it commits,
        and nobody sees them before. Outside they are committed on return.

        `run_at` is the earliest start, timezone-aware; None means at once. `priority` is a 16-bit
        integer, and a lower number runs first. Both hold for every job of a list.

        Returns the id of the job, or the ids in the order of the list.

        Raises a subclass of `EnqueueFailed` that names the problem where the input is refused, before
        anything is written, and `EnqueueFailed` itself, with the cause, where storage failed. After a
        lost connection or a cancellation outside a unit of work either all of the jobs exist or none.
        """
        raise NotImplementedError
