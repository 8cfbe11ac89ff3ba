"""Many queues in one process."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.database import Database
from tests.benchmarks.goals import detail_beyond, faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems import arrower_tables

_JOBS = 100_000
_QUEUES = 1_000
_SERVED = 20
_SERVED_QUEUES = Task("work", queues=tuple(f"queue {number}" for number in range(_SERVED)))


async def _one_queue(database: Database, jobs: int) -> int:
    await arrower_tables.ready(database, jobs, queue="queue 0")
    return await _others(database, jobs)


async def _many_queues(database: Database, jobs: int) -> int:
    await arrower_tables.ready_in_queues(database, jobs, 0, _SERVED)
    return await _others(database, jobs)


async def _others(database: Database, jobs: int) -> int:
    await arrower_tables.ready_in_queues(database, jobs, _SERVED, _QUEUES - _SERVED)
    return jobs


CASE = Case(
    name="many_queues",
    title="1,000 queues with jobs, 20 of them served by one process",
    contenders=(
        Contender("one queue", "arrower", Drain(ARROWER, _JOBS, Task("work", queues=("queue 0",)), prepare=_one_queue)),
        Contender("20 queues", "arrower", Drain(ARROWER, _JOBS, _SERVED_QUEUES, prepare=_many_queues)),
    ),
    reference="one queue",
    goals=(
        faster("20 queues", 0.8, "one queue"),
        detail_beyond("20 queues", "connections", "one queue", at_most=0),
    ),
)
