"""The queue in memory."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import rate
from tests.benchmarks.measures.memory import Memory

_JOBS = 50_000

CASE = Case(
    name="memory_adapter",
    title="in memory: enqueue 50,000 jobs one by one and work them",
    contenders=(Contender("arrower", "arrower", Memory(_JOBS)),),
    reference="arrower",
    goals=(rate("arrower", 40_000),),
)
