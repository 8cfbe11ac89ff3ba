"""What a queue must offer to be compared."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task


class Tally(NamedTuple):
    """What the tables of a queue say."""

    completed: int | None
    """None where a queue keeps no history."""
    left: int
    """Jobs that have not ended."""


class System(Protocol):
    """One queue, at its best settings."""

    name: str

    @abstractmethod
    async def prepare(self) -> None:
        """Install it on this machine, unless it is. Raises `NotAvailable`."""

    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """Return versions and settings, to be printed with the results."""

    @abstractmethod
    async def install(self, database: Database) -> None:
        """Create its tables, in its own documented way."""

    @abstractmethod
    async def preload(self, database: Database, jobs: int) -> None:
        """Put ready jobs with the numbers from 0 into its tables."""

    @abstractmethod
    def worker(self, database: Database, task: Task) -> Program:
        """Return a worker process, not started."""

    @abstractmethod
    def producer(self, database: Database, task: Task) -> Program:
        """Return a process that enqueues, not started."""

    @abstractmethod
    async def busy(self, connection: Connection) -> bool:
        """Tell, at little cost, whether completions of jobs that have run are still missing."""

    @abstractmethod
    async def tally(self, connection: Connection) -> Tally:
        """Count."""
