"""Arrower, from this repository."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.metadata import version

import asyncpg

from adapters.postgres import migrate
from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems import arrower_tables
from tests.benchmarks.systems.settings import ARROWER, ARROWER_BATCH, ARROWER_INSERT, WorkerSettings
from tests.benchmarks.systems.system import System, Tally

_SETTINGS: dict[str, WorkerSettings] = {
    "insert": ARROWER_INSERT,
    "batch_insert": ARROWER_BATCH,
    "batch_insert_unnest": ARROWER_BATCH,
}


class Arrower(System):
    """The queue this is all about."""

    name = "arrower"

    async def prepare(self) -> None:
        """It is here."""

    def settings(self) -> Mapping[str, object]:
        """Return the settings of each kind of job func."""
        return {
            "asyncpg": version("asyncpg"),
            "no-op": asdict(ARROWER),
            "insert": asdict(ARROWER_INSERT),
            "batch": asdict(ARROWER_BATCH),
        }

    async def install(self, database: Database) -> None:
        """Call `migrate`."""
        environment = database.environment
        async with asyncpg.create_pool(
            host=environment["PGHOST"],
            user=environment["PGUSER"],
            database=database.name,
            min_size=1,
            max_size=1,
        ) as pool:
            await migrate(pool)

    async def preload(self, database: Database, jobs: int) -> None:
        """Insert, faster than by enqueueing."""
        await arrower_tables.ready(database, jobs)

    def worker(self, database: Database, task: Task) -> Program:
        """Return a process with the settings for its kind of job func."""
        settings = _SETTINGS.get(task.func, ARROWER)
        complete = replace(
            task,
            concurrency=task.concurrency or settings.concurrency,
            connections=task.connections or settings.connections,
            prefetch=task.prefetch or settings.prefetch,
        )
        return _program(database, complete, "arrower_worker")

    def producer(self, database: Database, task: Task) -> Program:
        """Return a process with one connection."""
        return _program(database, task, "arrower_producer")

    async def busy(self, connection: Connection) -> bool:
        """Look whether any attempt has not ended."""
        return await arrower_tables.any_running(connection)

    async def tally(self, connection: Connection) -> Tally:
        """Count the history, and the jobs."""
        return await arrower_tables.tally(connection)


def _program(database: Database, task: Task, module: str) -> Program:
    command = (sys.executable, "-m", f"tests.benchmarks.programs.{module}")
    return Program(command, task, database.environment)
