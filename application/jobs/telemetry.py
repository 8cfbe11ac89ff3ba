"""The ports through which the queue tells what it does: for traces, for metrics, and to carry both on.

Nothing told here fails, waits, or changes what becomes of a job.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from application.jobs.instants import Instant
from application.jobs.job_store import ClaimedJob, EndedAttempt, Enqueueing, Maintenance
from application.jobs.outcome import Outcome
from application.jobs.survey import Survey
from domain.jobs import JobId


class Sending(Protocol):
    """One call of `enqueue`: a context manager around the storing of its jobs."""

    @property
    @abstractmethod
    def carrier(self) -> str | None:
        """The context that travels with the jobs (trace and baggage) as JSON text. None: there is none."""

    @abstractmethod
    def sent(self, ids: Sequence[JobId]) -> None:
        """Note that the jobs are stored, in a unit of work that may still be open."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class Call(Protocol):
    """One call of a job func that is under way."""

    @abstractmethod
    def ended(self, outcome: Outcome, error: BaseException | None = None) -> None:
        """Note how it ended. Has to be called once."""


class Calls(Protocol):
    """Follows the calls of job funcs."""

    @abstractmethod
    def forget_caller(self) -> None:
        """Make the calling context one without trace and baggage: nobody's, before a job comes."""

    @abstractmethod
    def call(self, jobs: Sequence[ClaimedJob], started_at: Instant, *, batch: bool) -> Call:
        """Begin a call. What was carried with its job becomes current, for the rest of this context's life.

        `batch`: the job func takes a list. A carrier that cannot be read is treated as none.
        """

    @abstractmethod
    def lost_afterwards(self, job: ClaimedJob) -> None:
        """Tell of a call that ended well, but whose job was given to another before that was written.

        What is told becomes current, for the rest of this context's life, and so does the job's trace.
        """


class Attempts(Protocol):
    """Counts what happens to the jobs of a pool."""

    @abstractmethod
    def claimed(self, jobs: Sequence[ClaimedJob], seconds: float) -> None:
        """Note a claim that took so long, also one that brought nothing."""

    @abstractmethod
    def ended(self, jobs: Sequence[ClaimedJob], outcome: Outcome) -> None:
        """Note how attempts ended, once it is written."""

    @abstractmethod
    def completed(self, ended: Sequence[EndedAttempt], lost: Sequence[ClaimedJob], seconds: float) -> None:
        """Note completions that were written together, in so long a time, all but those that were lost."""

    @abstractmethod
    def claim_failed(self, error: BaseException, seconds: float) -> None:
        """Note a claim that failed after so long."""

    @abstractmethod
    def completing_failed(self, error: BaseException, seconds: float) -> None:
        """Note that completions could not be written together, after so long. They are tried again."""


class Upkeep(Protocol):
    """Counts what a pool does beside running jobs."""

    @abstractmethod
    def promoted(self, jobs: int) -> None:
        """Note that so many scheduled jobs became ready."""

    @abstractmethod
    def maintained(self, maintenance: Maintenance) -> None:
        """Note what one round of maintenance did, in all queues."""


class Gauges(Protocol):
    """Shows what there is at the moment."""

    @abstractmethod
    def watch(self, running: Callable[[], int]) -> None:
        """Ask the pool for the jobs it runs, now and then and from any thread, until `unwatch`."""

    @abstractmethod
    def unwatch(self) -> None:
        """Ask no more."""

    @abstractmethod
    def wants_survey(self) -> bool:
        """Tell whether anybody would look at one: it costs some milliseconds."""

    @abstractmethod
    def surveyed(self, survey: Survey) -> None:
        """Show this for a while."""


class PoolTelemetry(Calls, Attempts, Upkeep, Gauges, Protocol):
    """Follows one pool."""


class Telemetry(Protocol):
    """Follows queues."""

    @abstractmethod
    def sending(self, queue: str, enqueueing: Enqueueing, *, batch: bool) -> Sending:
        """Return what follows one call of `enqueue`; `batch`: it was given a list."""

    @abstractmethod
    def pool(self, queue: str, name: str, size: int) -> PoolTelemetry:
        """Return what follows a pool of this name, which runs `size` job funcs at a time."""
