"""Drain jobs that insert one row each."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.measures.pgbench import PgBench
from tests.benchmarks.peers import ARROWER, GRAPHILE, PGBENCH, PGQUEUER, PROCRASTINATE
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.settings import ARROWER_INSERT, PROCRASTINATE_SHARE

_JOBS = 20_000
_INSERT = Task("work", func="insert")
_CLIENTS = ARROWER_INSERT.connections

CASE = Case(
    name="drain_insert",
    title="drain 20,000 jobs, each one insert: ours exactly once, the peers at least once",
    contenders=(
        Contender("arrower", "arrower", Drain(ARROWER, _JOBS, _INSERT)),
        Contender("pgbench", PGBENCH, PgBench(_JOBS, _CLIENTS, pipelined=False)),
        Contender("pgbench, pipelined", PGBENCH, PgBench(_JOBS, _CLIENTS, pipelined=True)),
        Contender("graphile", "graphile", Drain(GRAPHILE, _JOBS, _INSERT)),
        Contender("pgqueuer", "pgqueuer", Drain(PGQUEUER, _JOBS, _INSERT)),
        Contender("procrastinate", "procrastinate", Drain(PROCRASTINATE, _JOBS // PROCRASTINATE_SHARE, _INSERT)),
    ),
    reference="pgbench",
    goals=(faster("arrower", 0.75, "pgbench"), faster("arrower", 1.1, "graphile")),
)
