"""PgQueuer, on asyncpg and uvloop."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.environments import Environments
from tests.benchmarks.faults import MeasurementFailed, NotAvailable
from tests.benchmarks.program import Program
from tests.benchmarks.programs.tasks import Task
from tests.benchmarks.systems.peer import Peer
from tests.benchmarks.systems.settings import PGQUEUER, PGQUEUER_REQUIREMENTS
from tests.benchmarks.systems.system import Tally

_TALLY = """
select (select count(*) from pgqueuer_log where status = 'successful'), (select count(*) from pgqueuer)"""
_ANY_JOB = "select exists (select from pgqueuer)"


class PgQueuer(Peer):
    """Large batches, and the autovacuum settings it brings. It keeps a log of completed jobs."""

    name = "pgqueuer"
    workers = PGQUEUER

    def __init__(self, environments: Environments) -> None:
        self._environments = environments
        self._interpreter: Path | None = None

    async def prepare(self) -> None:
        """Install it into a virtual environment."""
        self._interpreter = await self._environments.python("pgqueuer", PGQUEUER_REQUIREMENTS)

    def settings(self) -> Mapping[str, object]:
        """Return the pinned packages and the settings of its workers."""
        return {"packages": PGQUEUER_REQUIREMENTS, "worker": asdict(PGQUEUER)}

    async def install(self, database: Database) -> None:
        """Run `pgq install` and `pgq autovac`, as its page on performance says."""
        for command in ("install", "autovac"):
            process = await asyncio.create_subprocess_exec(
                str(self._python()),
                "-m",
                "pgqueuer",
                command,
                env=database.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await process.communicate()
            if process.returncode:
                msg = f"pgqueuer {command} failed: {output.decode(errors='replace')[-2_000:]}"
                raise MeasurementFailed(msg)

    def program(self, database: Database, task: Task) -> Program:
        """Return the program, run by the interpreter of its environment."""
        command = (self._python(), "-m", "tests.benchmarks.programs.pgqueuer_program")
        return Program(command, task, database.environment)

    async def busy(self, connection: Connection) -> bool:
        """Look whether any job is left."""
        return bool(await connection.fetchval(_ANY_JOB))

    async def tally(self, connection: Connection) -> Tally:
        """Count its log, and the jobs that are left."""
        row = await connection.fetchrow(_TALLY)
        return Tally(*row) if row is not None else Tally(None, 0)

    def _python(self) -> Path:
        if self._interpreter is None:
            msg = "PgQueuer has not been installed"
            raise NotAvailable(msg)
        return self._interpreter
