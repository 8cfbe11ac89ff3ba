"""Several worker processes, watched over by one that does no work itself."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress

from adapters.cli import ExitCode, WorkOrder
from infrastructure.worker import STOP_SIGNALS

_POOL_NAME, _HEALTH_PORT = "ARROWER_POOL_NAME", "ARROWER_HEALTH_PORT"

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LONG_ENOUGH = 60.0
"""Seconds. A process that lived for so long was well, and its successor starts at once."""

logger = logging.getLogger("arrower.supervisor")


async def supervise(order: WorkOrder) -> int:
    """Keep `order.processes` processes working until asked to stop, by SIGTERM or Ctrl-C. Returns the exit code.

    One that ends is started anew, after pauses that grow while it does not live long. Asked to stop, it
    asks them and waits; asked a second time, it ends them at once. When it dies itself, their standard
    input ends, and they stop in order. Where one says that it was used wrongly, none is started again.
    """
    processes = [_Supervised(order, number) for number in range(1, order.processes + 1)]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for process in processes:
            process.stop()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    codes = await asyncio.gather(*(process.keep(stop) for process in processes))
    return max(codes)


class _Supervised:
    """One of them, and its successors."""

    def __init__(self, order: WorkOrder, number: int) -> None:
        self._command = _command(order)
        self._number = number
        self._process: Process | None = None
        self._stopped = asyncio.Event()

    async def keep(self, stop_all: Callable[[], None]) -> int:
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE
        while not self._stopped.is_set():
            born = loop.time()
            code = await self._live()
            if self._stopped.is_set():
                break
            if code == ExitCode.USAGE:
                stop_all()
                return code
            pause = _FIRST_PAUSE if loop.time() - born > _LONG_ENOUGH else min(pause * 2, _LONGEST_PAUSE)
            logger.warning("worker %d ended with %d, and is started anew in %.1f s", self._number, code, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)
        return ExitCode.OK

    def stop(self) -> None:
        asked_before = self._stopped.is_set()
        self._stopped.set()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL if asked_before else signal.SIGTERM)

    async def _live(self) -> int:
        # In a session of its own: Ctrl-C is for the supervisor, which passes it on once.
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, env=self._environment(), start_new_session=True
        )
        if self._stopped.is_set():
            self._process.terminate()
        logger.info("worker %d is process %d", self._number, self._process.pid)
        code = await self._process.wait()
        self._process = None
        return code

    def _environment(self) -> dict[str, str]:
        own, name, port = dict(os.environ), os.environ.get(_POOL_NAME), os.environ.get(_HEALTH_PORT, "")
        if name:
            own[_POOL_NAME] = f"{name}-{self._number}"
        if port.isdecimal() and int(port):
            own[_HEALTH_PORT] = str(int(port) + self._number - 1)
        return own


def _command(order: WorkOrder) -> Sequence[str]:
    queues = ",".join(name or "default" for name in order.queues)
    return (
        *(sys.executable, "-m", "infrastructure.command_line", "worker", order.target, "--ends-with-input"),
        *("--grace", f"{order.grace.total_seconds()}s"),
        *(("--queues", queues) if queues else ()),
    )
