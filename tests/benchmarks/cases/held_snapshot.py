"""A session that keeps a snapshot while jobs come and go."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import detail, faster
from tests.benchmarks.measures.steady import Steady
from tests.benchmarks.peers import ARROWER

_JOBS = 500_000

CASE = Case(
    name="held_snapshot",
    title="enqueue and work 500,000 jobs while another session holds a snapshot",
    contenders=(
        Contender("no snapshot", "arrower", Steady(ARROWER, _JOBS, hold_snapshot=False)),
        Contender("snapshot held", "arrower", Steady(ARROWER, _JOBS, hold_snapshot=True)),
    ),
    reference="no snapshot",
    goals=(
        faster("snapshot held", 0.9, "no snapshot"),
        detail("snapshot held", "last tenth ÷ second", at_least=0.9),
    ),
)
