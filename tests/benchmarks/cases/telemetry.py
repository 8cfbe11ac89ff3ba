"""What it costs a job that spans and measurements are recorded, and what that nothing is."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import work_beyond
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.programs.tasks import Task

_JOBS = 50_000

CASE = Case(
    name="telemetry",
    title="drain 50,000 no-op jobs: without an SDK, with metrics, with traces and metrics",
    contenders=(
        Contender("without an SDK", "arrower", Drain(ARROWER, _JOBS)),
        Contender("metrics", "arrower", Drain(ARROWER, _JOBS, Task("work", sdk="metrics"))),
        Contender("traces and metrics", "arrower", Drain(ARROWER, _JOBS, Task("work", sdk="traces"))),
    ),
    reference="without an SDK",
    goals=(
        work_beyond("metrics", "without an SDK", microseconds=30),
        work_beyond("traces and metrics", "without an SDK", microseconds=80),
    ),
)
