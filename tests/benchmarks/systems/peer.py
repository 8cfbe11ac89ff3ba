"""What the peers have in common: their own programs install, enqueue and work."""

from abc import abstractmethod
from dataclasses import replace
from typing import Protocol

from tests.benchmarks.database import Database
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.settings import WorkerSettings
from tests.benchmarks.systems.system import System

_LIST = 1_000


class Peer(System, Protocol):
    """A queue whose programs run in an environment of their own."""

    workers: WorkerSettings

    @abstractmethod
    def program(self, database: Database, task: Task) -> Program:
        """Return its program for a task, not started."""

    async def install(self, database: Database) -> None:
        """Let the program install."""
        await _run_to_end(self.program(database, Task("install")))

    async def preload(self, database: Database, jobs: int) -> None:
        """Let the program enqueue, in its own way."""
        task = Task("enqueue", jobs=jobs, list_size=_LIST, warm_up=0, func="lists")
        await _run_to_end(self.producer(database, task))

    def worker(self, database: Database, task: Task) -> Program:
        """Return the program, with the settings of this peer."""
        settings = self.workers
        complete = replace(
            task,
            concurrency=settings.concurrency,
            connections=settings.connections,
            prefetch=settings.prefetch,
        )
        return self.program(database, complete)

    def producer(self, database: Database, task: Task) -> Program:
        """Return the program."""
        return self.program(database, task)


async def _run_to_end(program: Program) -> None:
    try:
        await program.start()
        program.tell("go")
        if program.task.role == "enqueue":
            await program.said("enqueued", patience=None)
        await program.stop()
    finally:
        await program.kill()
