"""Places at which a worker process kills itself, as by SIGKILL from outside at exactly that moment."""

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from application.jobs.job_queue import JobQueue
from application.jobs.job_store import AttemptTransaction

POINTS = (
    "claimed",
    "mid job func",
    "after writes",
    "before commit",
    "after commit",
    "before completion",
    "after completion",
)


class BreakPoints:
    """Kills the process when a point is reached for the n-th time."""

    def __init__(self, point: str | None, times: int) -> None:
        self._point = point
        self._left = times

    def reach(self, point: str) -> None:
        """Say that the process is there."""
        if point == self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def install(self, queue: JobQueue) -> None:
        """Put the points that lie outside of job funcs into the store of a queue."""
        store: Any = queue._store
        store.claim = self._after(store.claim, "claimed")
        store.complete = self._after(self._before(store.complete, "before completion"), "after completion")
        begin = store.transaction

        def transaction(*jobs: Any) -> AttemptTransaction:
            begun: Any = begin(*jobs)
            begun.commit = self._after(self._before(begun.commit, "before commit"), "after commit")
            return begun  # type: ignore[no-any-return]

        store.transaction = transaction

    def _before(self, call: Callable[..., Awaitable[Any]], point: str) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*arguments: Any, **options: Any) -> Any:
            self.reach(point)
            return await call(*arguments, **options)

        return wrapped

    def _after(self, call: Callable[..., Awaitable[Any]], point: str) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*arguments: Any, **options: Any) -> Any:
            result = await call(*arguments, **options)
            if result or point != "claimed":
                self.reach(point)
            return result

        return wrapped
