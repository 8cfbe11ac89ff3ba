"""The threads that plain job funcs run in."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

from domain.jobs import Snooze

MOST_LEFT_BEHIND = 100
"""Threads that nobody waits for any more; with so many the process is to be replaced."""

_UNTIL_ANOTHER_TRY = timedelta(seconds=10)

logger = logging.getLogger("arrower.worker")


class _Call:
    __slots__ = ("answer", "left_behind", "work")

    def __init__(self, work: Callable[[], Any], answer: asyncio.Future[Any]) -> None:
        self.work = work
        self.answer = answer
        self.left_behind = False


_Calls = SimpleQueue[_Call | None]
"""What one thread has to do, one after the other; None ends it."""


class JobThreads:
    """A thread for each call, kept for later ones. All but the calls themselves happens in the event loop.

    Python cannot stop a thread. A call that is cancelled or runs over its timeout leaves its thread behind, so
    the next call gets another: the pool keeps its places. The threads are daemons: a process whose worker has
    shut down ends, and does not wait for job funcs whose jobs were given to others.
    """

    def __init__(self, name: str) -> None:
        """Name the threads `name-1`, `name-2`, …."""
        self._name = name
        self._idle: list[_Calls] = []
        self._started = 0
        self._closed = False
        self.left_behind = 0
        """How many threads still run a call that nobody waits for."""

    async def call(self, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, which must not raise. Raises `Snooze` where too many threads are left behind."""
        if self.left_behind >= MOST_LEFT_BEHIND:
            logger.error(
                "%d threads of %s are left behind: its jobs are put off for others, replace this process",
                self.left_behind,
                self._name,
            )
            raise Snooze(_UNTIL_ANOTHER_TRY)
        call = _Call(work, asyncio.get_running_loop().create_future())
        (self._idle.pop() if self._idle else self._new_thread()).put(call)
        try:
            return await call.answer
        except asyncio.CancelledError:
            self._leave_behind(call)
            raise

    def close(self) -> None:
        """Let the threads end, each after what it is doing."""
        self._closed = True
        while self._idle:
            self._idle.pop().put(None)

    def _leave_behind(self, call: _Call) -> None:
        call.left_behind = True
        self.left_behind += 1
        logger.warning(
            "a plain job func goes on in its thread although its attempt has ended: %d of %s are left behind",
            self.left_behind,
            self._name,
        )

    def _new_thread(self) -> _Calls:
        self._started += 1
        calls: _Calls = SimpleQueue()
        name = f"{self._name}-{self._started}"
        arguments = (calls, asyncio.get_running_loop())
        threading.Thread(target=self._serve, args=arguments, name=name, daemon=True).start()
        return calls

    def _serve(self, calls: _Calls, loop: asyncio.AbstractEventLoop) -> None:
        while (call := calls.get()) is not None:
            result = call.work()
            try:
                loop.call_soon_threadsafe(self._ended, calls, call, result)
            except RuntimeError:  # the loop is closed: nobody is there
                return
            del call, result  # nothing of a job stays here while the thread waits for the next

    def _ended(self, calls: _Calls, call: _Call, result: object) -> None:
        if call.left_behind:
            self.left_behind -= 1
        elif not call.answer.done():
            call.answer.set_result(result)
        if self._closed:
            calls.put(None)
        else:
            self._idle.append(calls)
