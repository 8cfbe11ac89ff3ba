"""The port between the worker runtime and wherever the jobs of one queue are kept.

Every write of an attempt names the job and its `fence`, a number that grows with every claim of the
job and never repeats. A write whose fence is not the job's current one, or whose job is no longer
running, writes nothing and says so: that is how a stale attempt is kept out.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, NewType, Protocol

from application.jobs.error_kind import kind_of
from application.jobs.instants import Instant, datetime_of
from application.jobs.survey import Survey
from domain.jobs import JobId

WorkerId = NewType("WorkerId", int)
"""Identifies one registration of a worker pool. A pool that was declared dead gets another one."""


class NewJob(NamedTuple):
    """A job as it is written: the name of its type and its fields as a JSON object."""

    type: str
    payload: str


@dataclass(frozen=True, slots=True)
class Enqueueing:
    """Jobs that are enqueued together, all or none."""

    jobs: Sequence[NewJob]
    run_at: datetime | None
    """None is now, by the clock of the store."""
    priority: int
    carrier: str | None
    """The caller's trace context and baggage."""


class ClaimedJob(NamedTuple):
    """A job that one attempt owns."""

    priority: int
    run_at: Instant
    id: JobId
    type: str
    payload: str
    attempt: int
    fence: int
    rescues: int
    """How often a worker died while it owned the job."""
    enqueued_at: Instant
    carrier: str | None


class ErrorReport(NamedTuple):
    """Why an attempt failed: a line for people, and the traceback."""

    message: str
    traceback: str

    @property
    def kind(self) -> str:
        """What the error has in common with others, see `kind_of`."""
        return kind_of(self.message)


CALLED_OFF = ErrorReport("the job was called off while it ran", "")
"""What is recorded of an attempt that was cancelled by hand."""


class EndedAttempt(NamedTuple):
    """An attempt that has run, timed by the store's clock."""

    job: ClaimedJob
    started_at: Instant
    finished_at: Instant

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it started and when it finished, for people."""
        return datetime_of(self.started_at), datetime_of(self.finished_at)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a pool says of itself."""

    pool_name: str
    size: int
    version: str
    lease: timedelta
    max_attempts: Mapping[str, int]
    """The types the pool knows, each with the attempts its retry policy allows."""


class Promotion(NamedTuple):
    """What became of the scheduled jobs of a queue."""

    jobs: int
    """How many are ready now that were not before."""
    next_due: timedelta | None
    """How long the next one has to wait; None where there is none."""


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


class AttemptTransaction(Protocol):
    """The transaction of one attempt. It begins when the job func first writes, with the fence."""

    @abstractmethod
    def enter(self) -> None:
        """Make it the unit of work of the calling context."""

    @abstractmethod
    def close(self) -> bool:
        """Refuse to begin from now on, for whoever is left behind. Tell whether it had begun."""

    @abstractmethod
    async def commit(self, *ended: EndedAttempt, heir: "AttemptTransaction | None" = None) -> None:
        """Complete the jobs of the transaction and commit, as one.

        `heir` is the transaction, not begun, of the attempt that this worker runs next, at a job of the same
        type: where that saves time, it is begun here, with its fence, and whether or not it could be makes no
        difference to this one.

        Raises `AttemptLost`, or `UnitOfWorkFailed` where an error inside was swallowed; both mean
        that nothing was written. Any other error leaves open whether it was.
        """

    @abstractmethod
    async def rollback(self) -> None:
        """Undo everything. Never raises: a connection that cannot roll back is closed."""


class JobIntake(Protocol):
    """Where jobs go in."""

    @abstractmethod
    async def enqueue(self, enqueueing: Enqueueing) -> list[JobId]:
        """Write the jobs, in the current unit of work where there is one. Ids in the given order."""


class JobClaims(Protocol):
    """Where jobs come out."""

    @abstractmethod
    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        """Make up to `limit` ready jobs of these types running, owned by `worker`, attempt counted.

        First come those with the lowest priority number, then the earliest run_at, then the first
        enqueued. A worker that was declared dead gets none.
        """

    @abstractmethod
    async def promote(self) -> Promotion:
        """Make scheduled jobs ready whose time has come."""

    @abstractmethod
    async def mark_started(self, job: ClaimedJob) -> bool:
        """Note that the attempt runs, so that it counts should its worker die. False: lost."""

    @abstractmethod
    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        """Hand jobs back: ready at once, the attempt not counted. Those lost are left alone."""


class Settlements(Protocol):
    """How attempts end. Each method is fenced, and tells whether the attempt still owned the job."""

    @abstractmethod
    def worth_another_try(self, error: Exception) -> bool:
        """Tell whether a write that ended in this error may succeed when it is made again as it is.

        So it is where the connection, the server or what it admits at the moment was in the way; not where
        what was written was refused, and not where the code is at fault.
        """

    @abstractmethod
    def transaction(self, *jobs: ClaimedJob) -> AttemptTransaction:
        """Return the transaction of an attempt at these jobs, not begun. It is lost if one of them is."""

    @abstractmethod
    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Complete jobs whose attempts wrote nothing. Returns those that were lost."""

    @abstractmethod
    async def retry(self, ended: EndedAttempt, error: ErrorReport, delay: timedelta) -> bool:
        """Record the failure; the job is scheduled again."""

    @abstractmethod
    async def bury(self, ended: EndedAttempt, error: ErrorReport) -> bool:
        """Record the failure; the job is dead."""

    @abstractmethod
    async def cancel(self, ended: EndedAttempt) -> bool:
        """Record that the job was called off while it ran; it is cancelled."""

    @abstractmethod
    async def snooze(self, job: ClaimedJob, delay: timedelta) -> bool:
        """Schedule the job again; the attempt does not count."""


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
    def subscribe(self, pool: PoolSignals) -> None:
        """Signal to `pool` until it unsubscribes. Signals may be missing; polling is the net."""

    @abstractmethod
    async def unsubscribe(self, pool: PoolSignals) -> None:
        """Stop signalling to `pool`, and let go of what only a running pool needs."""
