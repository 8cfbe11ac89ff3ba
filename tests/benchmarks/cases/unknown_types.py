"""Jobs in front that this worker does not know."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.database import Database
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.systems import arrower_tables

_JOBS = 100_000


async def _unknown_first(database: Database, jobs: int) -> int:
    await arrower_tables.ready(database, jobs, job_type="of another worker")
    await arrower_tables.ready(database, jobs)
    return jobs


CASE = Case(
    name="unknown_types",
    title="100,000 jobs of a type this worker does not know in front of 100,000 others",
    contenders=(
        Contender("known types only", "arrower", Drain(ARROWER, _JOBS)),
        Contender("unknown in front", "arrower", Drain(ARROWER, _JOBS, prepare=_unknown_first)),
    ),
    reference="known types only",
    goals=(faster("unknown in front", 0.9, "known types only"),),
)
