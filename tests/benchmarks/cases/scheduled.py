"""Jobs that wait for their time."""

from tests.benchmarks.case import Case, Contender
from tests.benchmarks.goals import delay, detail
from tests.benchmarks.measures.scheduled import Scheduled
from tests.benchmarks.peers import ARROWER

_JOBS = 100_000
_SECONDS = 60.0

CASE = Case(
    name="scheduled",
    title="100,000 jobs due over 60 s: how late they start",
    contenders=(Contender("arrower", "arrower", Scheduled(ARROWER, _JOBS, _SECONDS)),),
    reference="arrower",
    goals=(delay("arrower", 99, 100), detail("arrower", "earliest in ms", at_least=0)),
)
