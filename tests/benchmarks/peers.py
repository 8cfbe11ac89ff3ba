"""The one object of each system, and who can take part at all."""

from pathlib import Path
from typing import Final

from tests.benchmarks.environments import Environments
from tests.benchmarks.program import ROOT
from tests.benchmarks.systems.arrower import Arrower
from tests.benchmarks.systems.graphile import Graphile
from tests.benchmarks.systems.pgqueuer import PgQueuer
from tests.benchmarks.systems.procrastinate import Procrastinate
from tests.benchmarks.systems.system import System

FOLDER: Final[Path] = ROOT / ".bench"
"""What the benchmarks install and write. Not part of the repository."""

_environments = Environments(FOLDER)

ARROWER: Final = Arrower()
GRAPHILE: Final = Graphile(_environments)
PGQUEUER: Final = PgQueuer(_environments)
PROCRASTINATE: Final = Procrastinate(_environments)

SYSTEMS: Final[tuple[System, ...]] = (ARROWER, GRAPHILE, PGQUEUER, PROCRASTINATE)
PGBENCH: Final = "pgbench"
PEERS: Final = (*(system.name for system in SYSTEMS), PGBENCH)
"""What can be chosen with `--peers`."""
