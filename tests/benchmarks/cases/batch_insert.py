"""Batch job funcs that insert one row for each job."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import faster, rate
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.programs.tasks import Task

_JOBS = 100_000
_ONE_BY_ONE = 20_000

CASE = Case(
    name="batch_insert",
    title="batch job func, one insert per job, exactly once",
    contenders=(
        Contender("one by one", "arrower", Drain(ARROWER, _ONE_BY_ONE, Task("work", func="insert"))),
        Contender("batch", "arrower", Drain(ARROWER, _JOBS, Task("work", func="batch_insert"))),
        Contender("batch, one unnest", "arrower", Drain(ARROWER, _JOBS, Task("work", func="batch_insert_unnest"))),
    ),
    reference="one by one",
    goals=(rate("batch", 50_000), faster("batch", 7, "one by one")),
)
