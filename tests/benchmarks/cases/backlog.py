"""A deep backlog."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import detail, faster, memory
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER

_DEEP = 1_000_000
_SHALLOW = 50_000

CASE = Case(
    name="backlog",
    title="drain a backlog of 1,000,000 ready jobs",
    contenders=(
        Contender("50,000 ready", "arrower", Drain(ARROWER, _SHALLOW)),
        Contender("1,000,000 ready", "arrower", Drain(ARROWER, _DEEP)),
    ),
    reference="50,000 ready",
    goals=(
        faster("1,000,000 ready", 0.9, "50,000 ready"),
        memory("1,000,000 ready", megabytes=150),
        detail("1,000,000 ready", "RSS growth in MB", at_most=5),
    ),
)
