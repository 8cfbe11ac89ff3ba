"""How fast jobs that wait are worked off."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.database import Database
from tests.benchmarks.footprint import current_rss
from tests.benchmarks.measures.fleet import Fleet, footprint_of
from tests.benchmarks.measures.outcome import expect_completed
from tests.benchmarks.programs.tasks import WORK, Task
from tests.benchmarks.systems.system import System

_MEGABYTE = 2**20
_SAMPLING = 0.25

Preparation = Callable[[Database, int], Awaitable[int]]
"""Fills the tables for a number of jobs; returns how many others will be left in the end."""


@dataclass(frozen=True, slots=True)
class Drain:
    """Preload, start workers, wait until everything is completed, and count."""

    system: System
    jobs: int
    task: Task = WORK
    processes: int = 1
    prepare: Preparation | None = None
    """In place of the system's own preload."""

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs)
        async with bench.database() as database:
            await self.system.install(database)
            left = await self._preload(database, jobs)
            await database.settle()
            commits = await database.commits()
            task = replace(self.task, jobs=jobs)
            async with Fleet(*(self.system.worker(database, task) for _ in range(self.processes))) as fleet:
                drained = await self._drain(database, fleet, jobs, left)
            return drained.with_commits(await database.commits() - commits)

    async def _preload(self, database: Database, jobs: int) -> int:
        if self.prepare is not None:
            return await self.prepare(database, jobs)
        await self.system.preload(database, jobs)
        return 0

    async def _drain(self, database: Database, fleet: Fleet, jobs: int, left: int) -> Measurement:
        connection = await database.connect()
        try:
            async with _sampled_memory(fleet) as memory:
                began = await fleet.read(database, connection)
                fleet.tell("go")
                await fleet.until_ran(jobs)
                await fleet.until_settled(self.system, connection)
                ended = await fleet.read(database, connection)
            peak = fleet.peak_rss()
            connections = await database.connections(connection)
            await fleet.stop()
            effects = 0 if self.task.func == "noop" else jobs
            await expect_completed(self.system, database, connection, jobs, left=left, effects=effects)
        finally:
            await connection.close()
        return Measurement(
            jobs=jobs,
            seconds=ended.at - began.at,
            footprint=footprint_of(began, ended, peak),
            details=_details(memory, connections)
            | {"first job after ms": fleet.until_first(began), "completions behind in ms": fleet.behind(ended)},
        )


@asynccontextmanager
async def _sampled_memory(fleet: Fleet) -> AsyncGenerator[list[int], None]:
    memory: list[int] = []

    async def sample() -> None:
        while True:
            memory.append(max(current_rss(pid) for pid in fleet.pids))
            await asyncio.sleep(_SAMPLING)

    sampling = asyncio.create_task(sample())
    try:
        yield memory
    finally:
        sampling.cancel()
        await asyncio.wait([sampling])


def _details(memory: list[int], connections: int) -> dict[str, float]:
    details: dict[str, float] = {"connections": connections}
    if len(memory) >= 10:
        # What grows with the number of jobs that have run, and not with the first of them.
        details["RSS growth in MB"] = (memory[-1] - memory[len(memory) // 5]) / _MEGABYTE
    return details
