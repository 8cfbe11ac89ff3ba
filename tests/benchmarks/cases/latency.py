"""The latency of an idle worker."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import delay
from tests.benchmarks.measures.latency import Latency
from tests.benchmarks.peers import ARROWER, GRAPHILE, PGQUEUER, PROCRASTINATE
from tests.benchmarks.systems.system import System

_JOBS = 500
_PAUSE = 0.02


def _contender(system: System) -> Contender:
    return Contender(system.name, system.name, Latency(system, _JOBS, _PAUSE))


CASE = Case(
    name="latency",
    title="idle worker: commit of enqueue to start of the job func",
    contenders=(
        _contender(ARROWER),
        _contender(GRAPHILE),
        _contender(PGQUEUER),
        _contender(PROCRASTINATE),
    ),
    reference="arrower",
    goals=(delay("arrower", 50, 3), delay("arrower", 99, 15)),
)
