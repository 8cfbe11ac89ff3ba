"""How fast jobs are worked while they are enqueued, over a long time."""

from dataclasses import dataclass

from adapters.postgres.driver import Connection
from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.database import Database
from tests.benchmarks.measures.fleet import Fleet, footprint_of
from tests.benchmarks.measures.outcome import expect_completed
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.summary import slice_rates
from tests.benchmarks.systems.system import System

_LIST = 500
_WINDOW = 2_000
_SAMPLE_EVERY = 100
_SLICES = 10
_MILLISECOND = 1_000_000
_SNAPSHOT = "begin isolation level repeatable read; select count(*) from effects"


@dataclass(frozen=True, slots=True)
class Steady:
    """One process enqueues as fast as another one works, so that few jobs ever wait."""

    system: System
    jobs: int
    hold_snapshot: bool
    """Whether yet another session keeps a snapshot from before the first job, to the end."""

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs, least=_LIST)
        async with bench.database() as database:
            await self.system.install(database)
            await database.settle()
            commits = await database.commits()
            connection, holder = await database.connect(), await database.connect()
            try:
                if self.hold_snapshot:
                    await holder.execute(_SNAPSHOT)
                measured = await self._run(database, connection, jobs)
                await expect_completed(self.system, database, connection, jobs)
            finally:
                await holder.close()
                await connection.close()
            return measured.with_commits(await database.commits() - commits)

    async def _run(self, database: Database, connection: Connection, jobs: int) -> Measurement:
        enqueue = Task("enqueue", jobs=jobs, func="lists", list_size=_LIST, window=_WINDOW, warm_up=0)
        worker = self.system.worker(database, Task("work", jobs=jobs, sample_every=_SAMPLE_EVERY))
        producer = self.system.producer(database, enqueue)
        async with Fleet(worker) as workers, Fleet(producer) as producers:
            began = await workers.read(database, connection)
            workers.tell("go")
            producers.tell("go")
            while workers.ran < jobs:
                await workers.next_progress(jobs)
                producers.tell(f"ran {workers.ran}")
            await workers.until_settled(self.system, connection)
            ended = await workers.read(database, connection)
            behind = workers.behind(ended)
            enqueued = await producer.said("enqueued")
            await producers.stop()
            peak = workers.peak_rss()
            [last_words] = await workers.stop()
        committed = enqueued["committed"]
        rates = slice_rates([(began.at, 0), *worker.progress], _SLICES)
        return Measurement(
            jobs=jobs,
            seconds=ended.at - began.at,
            footprint=footprint_of(began, ended, peak),
            latencies=[(at - committed[number // _LIST]) / _MILLISECOND for number, at in last_words["starts"]],
            details={f"jobs/s in tenth {part}": rate for part, rate in enumerate(rates, 1)}
            | {"last tenth ÷ second": rates[-1] / rates[1], "completions behind in ms": behind},
        )
