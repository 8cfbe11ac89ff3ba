"""How late jobs run that wait for their time."""

import time
from dataclasses import dataclass

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.measures.fleet import Fleet, footprint_of
from tests.benchmarks.measures.outcome import expect_completed
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems import arrower_tables
from tests.benchmarks.systems.arrower import Arrower

_SECOND = 1_000_000
_PREPARATION = 5.0
_INSERTED_PER_SECOND = 10_000
_START = 1.0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Jobs that become due evenly, one by one. The clock of the server and of the worker is the same."""

    system: Arrower
    jobs: int
    seconds: float
    """From the first to the last."""

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs)
        interval = round(self.seconds * _SECOND / self.jobs)
        async with bench.database() as database:
            await self.system.install(database)
            commits = await database.commits()
            connection = await database.connect()
            try:
                async with Fleet(self.system.worker(database, Task("work", jobs=jobs, func="remind"))) as fleet:
                    first = time.time() + _PREPARATION + jobs / _INSERTED_PER_SECOND
                    await arrower_tables.due(database, jobs, round(first * _SECOND), interval)
                    await database.settle()
                    began = await fleet.read(database, connection)
                    fleet.tell("go")
                    if time.time() > first - _START:
                        msg = "the first jobs were due before the worker could start"
                        raise MeasurementFailed(msg)
                    await fleet.until_ran(jobs)
                    await fleet.until_settled(self.system, connection)
                    ended = await fleet.read(database, connection)
                    peak = fleet.peak_rss()
                    [last_words] = await fleet.stop()
                await expect_completed(self.system, database, connection, jobs)
            finally:
                await connection.close()
            commits = await database.commits() - commits
        lateness = [microseconds / 1_000 for microseconds in last_words["lateness"]]
        return Measurement(
            jobs=jobs,
            seconds=jobs * interval / _SECOND,
            footprint=footprint_of(began, ended, peak),
            latencies=lateness,
            details={"earliest in ms": min(lateness), "latest in ms": max(lateness)},
        ).with_commits(commits)
