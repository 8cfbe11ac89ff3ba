"""Tables full of jobs that are not to be run now."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.database import Database
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.systems import arrower_tables

_JOBS = 100_000
_OTHERS_FOR_EACH = 10


async def _fill(database: Database, jobs: int) -> int:
    others = jobs * _OTHERS_FOR_EACH
    await arrower_tables.future(database, others)
    await arrower_tables.finished(database, others, "dead")
    await arrower_tables.finished(database, others, "completed", first=others + 1)
    await arrower_tables.ready(database, jobs)
    return others


CASE = Case(
    name="full_tables",
    title="1,000,000 future jobs of the first priority, 1,000,000 dead and 1,000,000 completed ones around",
    contenders=(
        Contender("empty tables", "arrower", Drain(ARROWER, _JOBS)),
        Contender("full tables", "arrower", Drain(ARROWER, _JOBS, prepare=_fill)),
    ),
    reference="empty tables",
    goals=(faster("full tables", 0.9, "empty tables"),),
)
