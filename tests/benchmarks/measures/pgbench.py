"""The physical limit: the transaction of one job, done by pgbench, which is C and does nothing else."""

import asyncio
import re
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.postgres.fencing import COMPLETE_ONE, FENCE
from adapters.postgres.schema import Schema
from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Measurement
from tests.benchmarks.database import Database
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.footprint import Footprint, read
from tests.benchmarks.measures.outcome import expect_completed
from tests.benchmarks.peers import ARROWER
from tests.benchmarks.systems import arrower_tables

_INSERT = "insert into effects (number) values (:id)"
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_PARAMETERS = {"$1": ":id", "$2": ":fence", "$3": ":now", "$4": ":now"}


@dataclass(frozen=True, slots=True)
class PgBench:
    """Works on jobs that are claimed already, each once."""

    jobs: int
    clients: int
    pipelined: bool
    """Whether what the adapter sends together is sent together, too, or each statement waits for the last."""

    async def __call__(self, bench: Bench) -> Measurement:
        """Measure once."""
        each = max(1, bench.jobs(self.jobs) // self.clients)
        jobs = each * self.clients
        async with bench.database() as database:
            await ARROWER.install(database)
            await arrower_tables.claimed(database, jobs)
            await database.settle()
            commits = await database.commits()
            connection = await database.connect()
            try:
                began = read(await database.wal(connection), database.server.pid, [])
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                rate = await self._run(database, each)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                ended = read(await database.wal(connection), database.server.pid, [])
                await expect_completed(ARROWER, database, connection, jobs, effects=jobs)
            finally:
                await connection.close()
            commits = await database.commits() - commits
        return Measurement(
            jobs=jobs,
            seconds=jobs / rate,
            footprint=Footprint(
                wal_bytes=ended.wal - began.wal,
                commits=commits,
                peak_rss=None,
                worker_cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                server_cpu=ended.server_cpu - began.server_cpu,
            ),
        )

    async def _run(self, database: Database, each: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "job.sql"
            script.write_text(job_transaction(self.clients, pipelined=self.pipelined), encoding="utf-8")
            process = await asyncio.create_subprocess_exec(
                str(database.server.programs / "pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--file={script}"),
                *(f"--client={self.clients}", f"--transactions={each}", "--define=n=0", "--define=fence=1"),
                f"--define=now={time.time_ns() // 1_000}",
                env=database.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await process.communicate()
        report = output.decode(errors="replace")
        found = _RATE.search(report)
        if process.returncode or found is None:
            msg = f"pgbench failed: {report[-2_000:]}"
            raise MeasurementFailed(msg)
        return float(found[1])


def job_transaction(clients: int, *, pipelined: bool) -> str:
    """Return the script of pgbench for one job, out of the very statements of the adapter."""
    together, apart = ("\\startpipeline", "\\endpipeline") if pipelined else ("", "")
    lines = (
        f"\\set id :n * {clients} + :client_id + 1",
        "\\set n :n + 1",
        together,
        "begin;",
        _statement(FENCE),
        apart,
        f"{_INSERT};",
        together,
        _statement(COMPLETE_ONE),
        "commit;",
        apart,
    )
    return "\n".join(line for line in lines if line) + "\n"


def _statement(of_the_adapter: str) -> str:
    statement = Schema().sql(of_the_adapter)
    for parameter, variable in _PARAMETERS.items():
        statement = statement.replace(parameter, variable)
    return f"{statement.strip()};"
