"""All that a store of jobs promises, and what it tells."""

from abc import abstractmethod
from typing import Protocol

from application.jobs.instants import Instant
from application.jobs.job_store.claims import JobClaims
from application.jobs.job_store.intake import JobIntake
from application.jobs.job_store.settlements import Settlements
from application.jobs.job_store.workers import Workers
from application.jobs.survey import Survey


class Surveys(Protocol):
    """What the store holds."""

    @abstractmethod
    async def survey(self) -> Survey:
        """Count the jobs of all queues, in bounded time."""

    @abstractmethod
    async def count_ended(self) -> bool:
        """Count what ended lately, in any queue, for rates and charts: a bounded number. True: there is more.

        What has been counted, by whomever, is not counted again.
        """


class PoolSignals(Protocol):
    """What a store tells a running pool. May be called from any callback of the event loop."""

    @abstractmethod
    def jobs_ready(self) -> None:
        """There may be something to claim."""

    @abstractmethod
    def jobs_scheduled(self) -> None:
        """There may be something due earlier than known."""

    @abstractmethod
    def jobs_called_off(self) -> None:
        """Somebody may want a running job to be called off."""

    @abstractmethod
    def look_again(self) -> None:
        """Anything may have changed: the connection was away, or the clock was moved."""


class JobStore(JobIntake, JobClaims, Settlements, Workers, Surveys, Protocol):
    """The jobs of one queue."""

    @property
    @abstractmethod
    def queue(self) -> str:
        """The name of the queue."""

    @abstractmethod
    def now(self) -> Instant:
        """Return the store's time, without asking for it."""

    @abstractmethod
    def closed(self) -> str | None:
        """Return what was closed, and what to do, where job funcs cannot write any more; None while they can.

        It does not open again. How attempts end is recorded all the same, and the worker can take its leave.
        """

    @abstractmethod
    def subscribe(self, pool: PoolSignals) -> None:
        """Signal to `pool` until it unsubscribes. Signals may be missing; polling is the net."""

    @abstractmethod
    async def unsubscribe(self, pool: PoolSignals) -> None:
        """Stop signalling to `pool`, and let go of what only a running pool needs."""
