"""A measured process, seen from the benchmark."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.faults import MeasurementFailed, NotAvailable
from tests.benchmarks.programs.tasks import Task

ROOT = Path(__file__).parents[2]
"""The repository: the programs are run there, as modules."""

_PATIENCE = 60.0
_LONGEST_LINE = 2**27


class Program:
    """Says how far it is, line by line, and is told what to do in the same way."""

    def __init__(
        self,
        command: Sequence[str | Path],
        task: Task,
        environment: Mapping[str, str],
        folder: Path = ROOT,
    ) -> None:
        self.task = task
        self.ran = 0
        self.progress: list[tuple[float, int]] = []
        """Seconds of the monotonic clock, and the jobs that had run until then."""
        self.on_progress: Callable[[], None] = lambda: None
        self.failure: Exception | None = None
        """Why it ended, where it ended too early."""
        self._command = [*map(str, command), task.as_json()]
        self.environment = environment
        """What leads it to the database; may be changed before the start."""
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._said: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the program

    async def start(self) -> None:
        """Start it, and wait until it is ready. Raises `NotAvailable` where it says so."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._errors,
            env=dict(self.environment),
            cwd=self._folder,
            limit=_LONGEST_LINE,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        await self.said("ready")

    @property
    def pid(self) -> int:
        """The id of the process, which must have been started."""
        return self._started().pid

    async def said(self, event: str, patience: float | None = _PATIENCE) -> dict[str, Any]:
        """Wait until it says something, and return what. Raises `MeasurementFailed` where it ended before."""
        async with asyncio.timeout(patience):
            return await self._future(event)

    def tell(self, words: str) -> None:
        """Say something to it."""
        stdin = self._started().stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(f"{words}\n".encode())

    async def stop(self) -> dict[str, Any]:
        """Tell it to stop, wait until it has ended, and return its last words."""
        self.tell("stop")
        return await self.ended()

    async def ended(self) -> dict[str, Any]:
        """Wait until it has ended well, and return its last words."""
        last = await self.said("end")
        async with asyncio.timeout(_PATIENCE):
            status = await self._started().wait()
        if status:
            msg = f"{self._name} ended with status {status}: {self.last_errors()}"
            raise MeasurementFailed(msg)
        return last

    async def kill(self) -> None:
        """End it, if it has not ended."""
        process = self._process
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await asyncio.wait([self._reading])
        self._errors.close()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        stdout = process.stdout
        while stdout is not None and (line := await stdout.readline()):
            if line.startswith(b"{"):
                self._hear(json.loads(line))
        status = await process.wait()
        if not self._future("end").done():
            self.failure = MeasurementFailed(f"{self._name} ended with status {status}: {self.last_errors()}")
            for event in ("ready", "enqueued", "worked", "end"):
                if not self._future(event).done():
                    self._fail(event, self.failure)
        self.on_progress()

    def _hear(self, message: dict[str, Any]) -> None:
        match message["event"]:
            case "progress":
                self.ran = message["ran"]
                self.progress.append((message["at"], message["ran"]))
                self.on_progress()
            case "unavailable":
                self._fail("ready", NotAvailable(message["reason"]))
            case event:
                self._future(event).set_result(message)

    def _fail(self, event: str, error: Exception) -> None:
        future = self._future(event)
        future.set_exception(error)
        future.exception()  # not everybody waits for everything

    def _future(self, event: str) -> asyncio.Future[dict[str, Any]]:
        if event not in self._said:
            self._said[event] = asyncio.get_running_loop().create_future()
        return self._said[event]

    def last_errors(self) -> str:
        """Return the end of what it wrote to its standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-3_000:].strip() or "it left no message"

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            msg = "the program has not been started"
            raise RuntimeError(msg)
        return self._process

    @property
    def _name(self) -> str:
        return f"the program of role {self.task.role!r} ({' '.join(self._command[:3])})"
