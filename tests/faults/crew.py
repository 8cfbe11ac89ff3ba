"""Worker processes under a test: started, watched, signalled, and gone in the end."""

import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.worker_process import Plan
from tests.worlds.deadline import PATIENCE, eventually

_ROOT = Path(__file__).parents[2]
_FAILED = re.compile(r"^([\d.]+) WARNING arrower\.worker: (.+) failed, next try in ([\d.]+) s", re.MULTILINE)
_ROUNDING = 0.01


class Worker:
    """One process."""

    def __init__(self, plan: Plan, log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker_process", plan.to_json()],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self.process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.poll() is not None

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(errors="replace")

    @property
    def hurried(self) -> list[str]:
        """What it has tried again sooner than it had said."""
        due: dict[str, float] = {}
        hurried: list[str] = []
        for at, what, pause in _FAILED.findall(self.log):
            if float(at) < due.get(what, 0.0) - _ROUNDING:
                hurried.append(f"{what} was tried again too soon, at {at}")
            due[what] = float(at) + float(pause)
        return hurried

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def says(self, text: str, times: int = 1, patience: float = PATIENCE) -> None:
        """Wait until it has said so."""
        await eventually(lambda: self.log.count(text) >= times, lambda: f"{text!r} in {self.log}", patience)

    async def ends(self, patience: float = PATIENCE) -> int:
        """Wait for its end, and return its exit code."""
        await eventually(lambda: self.has_ended, lambda: self.log, patience)
        return self.process.wait()

    def end(self) -> None:
        """Make sure that it is gone."""
        self.process.kill()
        self.process.wait()


class Crew:
    """All workers of a test."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self._folder = folder
        self.workers: list[Worker] = []

    def start(self, **changes: Any) -> Worker:
        """Start another worker, by the common plan with changes."""
        worker = Worker(replace(self.plan, **changes), self._folder / f"worker-{len(self.workers)}.log")
        self.workers.append(worker)
        return worker

    def of(self, pid: int) -> Worker:
        """Return the worker that is this process."""
        return next(worker for worker in self.workers if worker.pid == pid)

    def end(self) -> None:
        """End all of them."""
        for worker in self.workers:
            worker.end()
