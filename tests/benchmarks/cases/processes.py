"""Several worker processes."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import faster
from tests.benchmarks.measures.drain import Drain
from tests.benchmarks.peers import ARROWER

_JOBS = 400_000
"""So many that the start of four processes, which share two cores, does not count."""

CASE = Case(
    name="processes",
    title="drain 400,000 no-op jobs with 1, 2 and 4 worker processes",
    contenders=tuple(
        Contender(name, "arrower", Drain(ARROWER, _JOBS, processes=number))
        for name, number in (("1 process", 1), ("2 processes", 2), ("4 processes", 4))
    ),
    reference="1 process",
    goals=(faster("2 processes", 1, "1 process"), faster("4 processes", 1, "2 processes")),
)
