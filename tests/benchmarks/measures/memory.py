"""How fast the queue in memory enqueues and works."""

import sys
from dataclasses import dataclass

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.footprint import Footprint, read
from tests.benchmarks.measures.fleet import Fleet
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task


@dataclass(frozen=True, slots=True)
class Memory:
    """Enqueue all jobs one by one, then work them all, in one process."""

    jobs: int

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        jobs = bench.jobs(self.jobs)
        command = (sys.executable, "-m", "tests.benchmarks.programs.memory_worker")
        program = Program(command, Task("work", jobs=jobs), bench.server.environment("postgres"))
        async with Fleet(program) as fleet:
            began = read(0, None, fleet.pids)
            fleet.tell("go")
            worked = await program.said("worked", patience=None)
            ended = read(0, None, fleet.pids)
            peak = fleet.peak_rss()
            await fleet.stop()
        if worked["ran"] != jobs or worked["left"]:
            msg = f"{worked['ran']} of {jobs} jobs ran in memory, {worked['left']} are left"
            raise MeasurementFailed(msg)
        cpu = ended.worker_cpu - began.worker_cpu
        return Measurement(jobs, worked["seconds"], Footprint(None, None, peak, cpu, None))
