"""The worker processes of the demo."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from infrastructure.demo.order_file import ROOT

_PATIENCE = 15.0


class WorkerFailed(Exception):
    """A worker ended that should not have; the message holds its last words."""


class WorkerProcess:
    """`python -m infrastructure.worker` as a process of its own, for the length of a block."""

    def __init__(self, name: str, dsn: str, pool_size: int, log: Path) -> None:
        """Let it work on the database `dsn` under this name, and write its log to a file."""
        self.name = name
        settings = {"ARROWER_DSN": dsn, "ARROWER_POOL_NAME": name, "ARROWER_POOL_SIZE": str(pool_size)}
        self._environment = os.environ | settings
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start it."""
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "infrastructure.worker"),
                cwd=ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave nothing running, however the block ended."""
        if self._running.returncode is None:
            self._running.kill()
            await self._running.wait()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._running.pid

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._running.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """End it with SIGKILL: it has no chance to tell anybody."""
        self._running.kill()
        await self._running.wait()

    async def stop(self) -> None:
        """Ask it to stop, as a deployment does. Raises `WorkerFailed` where it does not stop in order."""
        self.check()
        self._running.terminate()
        async with asyncio.timeout(_PATIENCE):
            if await self._running.wait() != 0:
                raise self._failure()

    def check(self) -> None:
        """Raise `WorkerFailed` where it has ended."""
        if self._running.returncode is not None:
            raise self._failure()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            msg = f"{self.name} was not started"
            raise WorkerFailed(msg)
        return self._process

    def _failure(self) -> WorkerFailed:
        last_words = self._log.read_text(encoding="utf-8", errors="replace")[-2_000:]
        return WorkerFailed(f"{self.name} ended with {self._running.returncode}:\n{last_words}")
