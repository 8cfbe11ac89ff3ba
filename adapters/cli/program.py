"""The port to what the command line starts: whoever composes the application provides it."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from application.jobs.control_room import ControlRoom


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What a worker is to do."""

    target: str
    """`MODULE:NAME` of what builds its queues."""
    queues: Sequence[str]
    """The names of those to work; none is all."""
    processes: int
    grace: timedelta
    """How long running jobs may go on once it is asked to stop."""
    ends_with_input: bool
    """Whether the end of standard input asks it to stop: then whoever started it is gone."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How the dashboard is served; None is what the environment says."""

    host: str | None
    port: int | None
    actions: bool | None


@dataclass(frozen=True, slots=True)
class HealthQuestion:
    """What a worker process is asked; None is what the environment says."""

    name: str
    """`livez` or `readyz`."""
    host: str | None
    port: int | None


class Program(Protocol):
    """Everything beyond words and tables. What goes wrong is raised as a `CommandFailed`."""

    @abstractmethod
    def control_room(self, dsn: str) -> AbstractAsyncContextManager[ControlRoom]:
        """Return the use cases on a database, connected to while the block lasts."""

    @abstractmethod
    async def migrate(self, dsn: str) -> None:
        """Bring the tables of the queue to the version this code needs."""

    @abstractmethod
    def work(self, dsn: str | None, order: WorkOrder) -> int:
        """Work until asked to stop, by SIGTERM or Ctrl-C. Returns the exit code."""

    @abstractmethod
    async def serve_dashboard(self, dsn: str, serving: Serving) -> None:
        """Serve until asked to stop."""

    @abstractmethod
    def ask_health(self, question: HealthQuestion) -> bool:
        """Ask a worker process how it does, print what it says, and tell whether all is well."""
