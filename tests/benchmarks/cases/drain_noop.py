"""Drain jobs that do nothing."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER, GRAPHILE, PGQUEUER, PROCRASTINATE
from tests.benchmarks.systems.settings import PROCRASTINATE_SHARE

_JOBS = 100_000

CASE = Case(
    name="drain_noop",
    title="drain 100,000 preloaded no-op jobs",
    contenders=(
        Contender("arrower", "arrower", Drain(ARROWER, _JOBS)),
        Contender("graphile", "graphile", Drain(GRAPHILE, _JOBS)),
        Contender("pgqueuer", "pgqueuer", Drain(PGQUEUER, _JOBS)),
        Contender("procrastinate", "procrastinate", Drain(PROCRASTINATE, _JOBS // PROCRASTINATE_SHARE)),
    ),
    reference="graphile",
    goals=(faster("arrower", 1.3, "graphile"), faster("arrower", 3, "pgqueuer")),
)
