"""Enqueue one job at a time, and count what the caller waits for."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import detail, detail_beyond
from tests.benchmarks.measures.enqueue import Enqueue
from tests.benchmarks.peers import ARROWER, GRAPHILE, PGQUEUER, PROCRASTINATE
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.system import System

_JOBS = 3_000
_SINGLE = Task("enqueue", func="single")
_IN_UNIT_OF_WORK = Task("enqueue", func="in_unit_of_work")
_WITHOUT = Task("enqueue", func="without")


def _peer(system: System) -> Contender:
    return Contender(system.name, system.name, Enqueue(system, _JOBS, _SINGLE, count_round_trips=True))


CASE = Case(
    name="enqueue_single",
    title="enqueue one at a time in one connection, each with its own commit",
    contenders=(
        _peer(ARROWER),
        Contender(
            "in a unit of work",
            "arrower",
            Enqueue(ARROWER, _JOBS, _IN_UNIT_OF_WORK, effects=True, count_round_trips=True),
        ),
        Contender(
            "the same without enqueue",
            "arrower",
            Enqueue(ARROWER, _JOBS, _WITHOUT, enqueues=False, effects=True, count_round_trips=True),
        ),
        _peer(GRAPHILE),
        _peer(PGQUEUER),
        _peer(PROCRASTINATE),
    ),
    reference="arrower",
    goals=(
        detail("arrower", "round trips", at_most=1),
        detail_beyond("in a unit of work", "round trips", "the same without enqueue", at_most=1),
    ),
)
