"""Who works on the jobs of a store, and what becomes of those whose worker died."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from application.jobs.job_store.claims import ClaimedJob
from application.jobs.job_store.worker_id import WorkerId
from domain.jobs import JobId


@dataclass(frozen=True, slots=True)
class Registration:
    """What a pool says of itself."""

    pool_name: str
    size: int
    version: str
    lease: timedelta
    max_attempts: Mapping[str, int]
    """The types the pool knows, each with the attempts its retry policy allows."""


class RescuedJobs(NamedTuple):
    """What became of the jobs of one worker that died."""

    queue: str
    freed: int
    """Ready again."""
    buried: int
    """Dead: that was their last attempt."""
    died: int
    """Attempts that count, of those."""


class Maintenance(NamedTuple):
    """What one round of maintenance did."""

    rescued: Sequence[RescuedJobs] = ()
    pruned: int = 0
    """Jobs that were forgotten."""


class Workers(Protocol):
    """Who is alive. A worker that died frees its jobs."""

    @abstractmethod
    async def register(self, registration: Registration) -> WorkerId:
        """Announce a pool."""

    @abstractmethod
    async def announce(self, worker: WorkerId, registration: Registration) -> None:
        """Replace what a registered pool says of itself."""

    @abstractmethod
    async def heartbeat(self, worker: WorkerId) -> bool:
        """Say that the worker lives. False: it was declared dead and its jobs were given away."""

    @abstractmethod
    async def called_off(self, worker: WorkerId) -> Collection[JobId]:
        """Return which of the jobs that the worker owns somebody wants to be called off."""

    @abstractmethod
    async def disown(self, worker: WorkerId, known: Sequence[ClaimedJob]) -> int:
        """Hand back, uncounted, what the worker owns and does not know of. Returns how many jobs.

        Such jobs come from a claim whose answer was lost. No claim of the worker may be under way.
        """

    @abstractmethod
    async def deregister(self, worker: WorkerId) -> None:
        """Leave: jobs still owned are handed back, without an attempt counted."""

    @abstractmethod
    async def maintain(self) -> Maintenance:
        """Rescue the jobs of workers that died, and prune what is older than its retention, in any queue.

        Jobs that were called off and run no more are cancelled.
        """
