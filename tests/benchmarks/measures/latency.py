"""How soon an idle worker starts a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.measures.fleet import Fleet, footprint_of
from tests.benchmarks.measures.outcome import expect_completed
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.summary import percentile
from tests.benchmarks.systems.system import System

_MILLISECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Latency:
    """Enqueue one job after the other, with pauses, while one worker process does nothing else."""

    system: System
    jobs: int
    pause: float

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs)
        warm_up = 20
        enqueue = Task("enqueue", jobs=jobs, func="single", pause=self.pause, warm_up=warm_up)
        work = Task("work", jobs=jobs + warm_up, sample_every=1)
        async with bench.database() as database:
            await self.system.install(database)
            await database.settle()
            commits = await database.commits()
            connection = await database.connect()
            try:
                worker = self.system.worker(database, work)
                async with Fleet(worker) as workers:
                    workers.tell("go")
                    async with Fleet(self.system.producer(database, enqueue)) as producers:
                        await workers.until_ran(warm_up)
                        began = await workers.read(database, connection)
                        producers.tell("go")
                        enqueued = await producers.programs[0].said("enqueued", patience=None)
                        await workers.until_ran(jobs + warm_up)
                        ended = await workers.read(database, connection)
                        await producers.stop()
                    await workers.until_settled(self.system, connection)
                    peak = workers.peak_rss()
                    [last_words] = await workers.stop()
                await expect_completed(self.system, database, connection, jobs + warm_up)
            finally:
                await connection.close()
            commits = await database.commits() - commits
        return Measurement(
            jobs=jobs,
            seconds=ended.at - began.at,
            footprint=footprint_of(began, ended, peak),
            latencies=_milliseconds(last_words, enqueued["committed"]),
            details=_from_call(_milliseconds(last_words, enqueued["sent"])),
        ).with_commits(commits)


def _milliseconds(last_words: dict[str, Any], since: Sequence[int]) -> list[float]:
    return [(start - since[number]) / _MILLISECOND for number, start in last_words["starts"]]


def _from_call(latencies: Sequence[float]) -> dict[str, float]:
    # A job can start before its producer has heard of the commit, so the time from the call is shown, too.
    return {"call to start, p50 ms": percentile(latencies, 50), "call to start, p99 ms": percentile(latencies, 99)}
