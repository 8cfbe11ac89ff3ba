"""procrastinate, on psycopg."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.environments import Environments
from tests.benchmarks.faults import NotAvailable
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.peer import Peer
from tests.benchmarks.systems.settings import PROCRASTINATE, PROCRASTINATE_REQUIREMENTS
from tests.benchmarks.systems.system import Tally

_TALLY = """
select count(*) filter (where status = 'succeeded'), count(*) filter (where status <> 'succeeded')
from procrastinate_jobs"""
_ANY_JOB = "select exists (select from procrastinate_jobs where status in ('todo', 'doing'))"


class Procrastinate(Peer):
    """Keeps completed jobs, which is its default as it is ours."""

    name = "procrastinate"
    workers = PROCRASTINATE

    def __init__(self, environments: Environments) -> None:
        self._environments = environments
        self._interpreter: Path | None = None

    async def prepare(self) -> None:
        """Install it into a virtual environment."""
        self._interpreter = await self._environments.python("procrastinate", PROCRASTINATE_REQUIREMENTS)

    def settings(self) -> Mapping[str, object]:
        """Return the pinned packages and the settings of its workers."""
        return {"packages": PROCRASTINATE_REQUIREMENTS, "worker": asdict(PROCRASTINATE)}

    def program(self, database: Database, task: Task) -> Program:
        """Return the program, run by the interpreter of its environment."""
        if self._interpreter is None:
            msg = "procrastinate has not been installed"
            raise NotAvailable(msg)
        command = (self._interpreter, "-m", "tests.benchmarks.programs.procrastinate_program")
        return Program(command, task, database.environment)

    async def busy(self, connection: Connection) -> bool:
        """Look whether any job is left."""
        return bool(await connection.fetchval(_ANY_JOB))

    async def tally(self, connection: Connection) -> Tally:
        """Count by status."""
        row = await connection.fetchrow(_TALLY)
        return Tally(*row) if row is not None else Tally(None, 0)
