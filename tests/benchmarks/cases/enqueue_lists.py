"""Enqueue lists of jobs."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.enqueue import Enqueue
from tests.benchmarks.peers import ARROWER, GRAPHILE, PGQUEUER, PROCRASTINATE
from tests.benchmarks.programs.tasks import Task

_JOBS = 100_000
_LISTS = Task("enqueue", func="lists", list_size=1_000)
_API = Task("enqueue", func="lists_of_its_api", list_size=1_000)

CASE = Case(
    name="enqueue_lists",
    title="enqueue 100,000 jobs in lists of 1,000, payloads encoded",
    contenders=(
        Contender("arrower", "arrower", Enqueue(ARROWER, _JOBS, _LISTS)),
        Contender("graphile", "graphile", Enqueue(GRAPHILE, _JOBS, _LISTS)),
        Contender("graphile addJobs()", "graphile", Enqueue(GRAPHILE, _JOBS, _API)),
        Contender("pgqueuer", "pgqueuer", Enqueue(PGQUEUER, _JOBS, _LISTS)),
        Contender("procrastinate", "procrastinate", Enqueue(PROCRASTINATE, _JOBS // 5, _LISTS)),
    ),
    reference="graphile",
    goals=(faster("arrower", 1.3, "graphile"), faster("arrower", 2.5, "pgqueuer")),
)
