"""graphile-worker, on Node."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.environments import Environments
from tests.benchmarks.faults import NotAvailable
from tests.benchmarks.program import ROOT, Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.peer import Peer
from tests.benchmarks.systems.settings import GRAPHILE, GRAPHILE_NODE, GRAPHILE_PACKAGES
from tests.benchmarks.systems.system import Tally

_PROGRAM = ROOT / "tests" / "benchmarks" / "programs" / "graphile.mjs"
_JOBS = "select count(*) from graphile_worker._private_jobs"
_ANY_JOB = "select exists (select from graphile_worker._private_jobs)"


class Graphile(Peer):
    """Local queue, and completions in batches. A completed job is deleted: there is no history."""

    name = "graphile"
    workers = GRAPHILE

    def __init__(self, environments: Environments) -> None:
        self._environments = environments
        self._installed: tuple[Path, Path] | None = None

    async def prepare(self) -> None:
        """Install Node, and the packages into a folder."""
        self._installed = await self._environments.node("graphile", GRAPHILE_NODE, GRAPHILE_PACKAGES)

    def settings(self) -> Mapping[str, object]:
        """Return the pinned packages and the settings of its workers."""
        return {"packages": GRAPHILE_PACKAGES, "node": GRAPHILE_NODE, "worker": asdict(GRAPHILE)}

    def program(self, database: Database, task: Task) -> Program:
        """Return the JavaScript program, which finds its packages in its working directory."""
        if self._installed is None:
            msg = "graphile-worker has not been installed"
            raise NotAvailable(msg)
        node, folder = self._installed
        environment = database.environment | {"NO_LOG_SUCCESS": "1", "NODE_ENV": "production"}
        return Program((node, _PROGRAM), task, environment, folder)

    async def busy(self, connection: Connection) -> bool:
        """Look whether any job is left."""
        return bool(await connection.fetchval(_ANY_JOB))

    async def tally(self, connection: Connection) -> Tally:
        """Count the jobs that are left."""
        return Tally(None, await connection.fetchval(_JOBS))
