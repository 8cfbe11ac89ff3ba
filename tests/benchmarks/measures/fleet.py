"""Worker processes that work together."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.footprint import Footprint, Reading, peak_rss, read
from tests.benchmarks.program import Program
from tests.benchmarks.systems.system import System

_STALLED = 30.0
_SETTLING = 60.0
_POLL = 0.002


class Fleet:
    """Started together, watched until all jobs have run, and never left behind."""

    def __init__(self, *programs: Program) -> None:
        self.programs: Sequence[Program] = programs
        self._changed = asyncio.Event()
        for program in programs:
            program.on_progress = self._changed.set

    async def __aenter__(self) -> Self:
        try:
            await asyncio.gather(*(program.start() for program in self.programs))
        except BaseException:
            await self._kill()
            raise
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._kill()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes."""
        return [program.pid for program in self.programs]

    @property
    def ran(self) -> int:
        """How many jobs have run."""
        return sum(program.ran for program in self.programs)

    async def read(self, database: Database, connection: Connection) -> Reading:
        """Read what the processes and the server have used so far."""
        return read(await database.wal(connection), database.server.pid, self.pids)

    def tell(self, words: str) -> None:
        """Say something to all."""
        for program in self.programs:
            program.tell(words)

    async def until_ran(self, jobs: int) -> None:
        """Wait until so many jobs have run. Raises `MeasurementFailed` where nothing goes on."""
        while self.ran < jobs:
            await self.next_progress(jobs)
        if self.ran > jobs:
            msg = f"{self.ran} jobs ran, but there were only {jobs}"
            raise MeasurementFailed(msg)

    async def next_progress(self, jobs: int) -> None:
        """Wait until one of the processes says something."""
        for program in self.programs:
            if program.failure is not None:
                raise program.failure
        self._changed.clear()
        try:
            async with asyncio.timeout(_STALLED):
                await self._changed.wait()
        except TimeoutError as error:
            said = "; ".join(program.last_errors() for program in self.programs)
            msg = f"nothing happened for {_STALLED:g} s, at {self.ran} of {jobs} jobs: {said}"
            raise MeasurementFailed(msg) from error

    async def until_settled(self, system: System, connection: Connection) -> None:
        """Wait until the completions of all jobs that have run are in the database."""
        try:
            async with asyncio.timeout(_SETTLING):
                while await system.busy(connection):  # noqa: ASYNC110  # nobody tells us
                    await asyncio.sleep(_POLL)
        except TimeoutError as error:
            msg = f"after {_SETTLING:g} s there are still jobs that have run but are not completed"
            raise MeasurementFailed(msg) from error

    def until_first(self, began: Reading) -> float:
        """Return how many milliseconds it took from the start until the first jobs had run."""
        first = min(at for program in self.programs for at, _ in program.progress[:1])
        return (first - began.at) * 1_000

    def behind(self, ended: Reading) -> float:
        """Return how many milliseconds the last completion was written after the last job func had ended."""
        last = max(at for program in self.programs for at, _ in program.progress[-1:])
        return (ended.at - last) * 1_000

    async def stop(self) -> list[dict[str, Any]]:
        """Stop all, and return their last words."""
        return list(await asyncio.gather(*(program.stop() for program in self.programs)))

    def peak_rss(self) -> int:
        """Return the memory of the largest process, which must still run."""
        return max(peak_rss(pid) for pid in self.pids)

    async def _kill(self) -> None:
        await asyncio.gather(*(program.kill() for program in self.programs))


def footprint_of(began: Reading, ended: Reading, peak: int) -> Footprint:
    """Return what was used between two readings; commits are known only after everybody has left."""
    return Footprint(
        wal_bytes=ended.wal - began.wal,
        commits=None,
        peak_rss=peak,
        worker_cpu=ended.worker_cpu - began.worker_cpu,
        server_cpu=ended.server_cpu - began.server_cpu,
    )
