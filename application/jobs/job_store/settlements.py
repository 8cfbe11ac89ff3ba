"""How attempts end in a store.

Every write of an attempt names the job and its `fence`, a number that grows with every claim of the
job and never repeats. A write whose fence is not the job's current one, or whose job is no longer
running, writes nothing and says so: that is how a stale attempt is kept out.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from application.jobs.error_kind import kind_of
from application.jobs.instants import Instant, datetime_of
from application.jobs.job_store.claims import ClaimedJob


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
