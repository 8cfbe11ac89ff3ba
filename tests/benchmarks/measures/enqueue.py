"""How fast jobs are enqueued by one process on one connection."""

from dataclasses import dataclass, replace

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.database import Database
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.measures.fleet import Fleet, footprint_of
from tests.benchmarks.measures.round_trips import RoundTrips
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.system import System

_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Enqueue lists of jobs, and count them."""

    system: System
    jobs: int
    task: Task
    enqueues: bool = True
    """False: the task only does what comes with it, for comparison."""
    effects: bool = False
    """Whether it also inserts one effect for each job."""
    count_round_trips: bool = False

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs, least=self.task.list_size)
        task = replace(self.task, role="enqueue", jobs=jobs)
        async with bench.database() as database:
            await self.system.install(database)
            await database.settle()
            commits = await database.commits()
            measured = await self._enqueue(database, self.system.producer(database, task))
            measured = measured.with_commits(await database.commits() - commits)
            await self._verify(database, jobs + task.warm_up * task.list_size)
            details = await self._round_trips(database) if self.count_round_trips else {}
            return replace(measured, details=details)

    async def _enqueue(self, database: Database, program: Program) -> Measurement:
        connection = await database.connect()
        try:
            async with Fleet(program) as fleet:
                began = await fleet.read(database, connection)
                fleet.tell("go")
                enqueued = await program.said("enqueued", patience=None)
                ended = await fleet.read(database, connection)
                peak = fleet.peak_rss()
                await fleet.stop()
        finally:
            await connection.close()
        return Measurement(program.task.jobs, enqueued["seconds"], footprint_of(began, ended, peak))

    async def _verify(self, database: Database, jobs: int) -> None:
        connection = await database.connect()
        try:
            tally = await self.system.tally(connection)
            if tally.left != (jobs if self.enqueues else 0):
                msg = f"{jobs} jobs were enqueued, but {tally.left} are there"
                raise MeasurementFailed(msg)
            await database.expect_effects(connection, jobs if self.effects else 0)
        finally:
            await connection.close()

    async def _round_trips(self, database: Database) -> dict[str, float]:
        task = replace(self.task, role="enqueue", jobs=_COUNTED, warm_up=10)
        async with RoundTrips(database.environment) as counter:
            program = self.system.producer(database, task)
            program.environment = counter.environment
            async with Fleet(program) as fleet:
                before = counter.count
                fleet.tell("go")
                await program.said("enqueued", patience=None)
                round_trips = counter.count - before
                await fleet.stop()
        return {"round trips": round_trips / _COUNTED}
