"""Waiting for a connection of the pool: as long as it takes where something has to be written, but never silently.

Whoever gave up and joined the line anew would never have a turn in a pool that is always busy. So a place is kept, and
after a while the log says who waits for what. Claims, heartbeats and rescues do not wait here: see `control.py`.
"""

import asyncio
import logging
import time
from weakref import WeakValueDictionary

from adapters.postgres.driver import Pool, PooledConnection
from application.jobs.options import shown_name

_PATIENCE = 15.0
"""Seconds until it is told that somebody waits."""

_REMINDER = 60.0

logger = logging.getLogger("arrower.postgres")


class PoolLine:
    """All who wait for a connection of one pool on behalf of its queues."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._queues: set[str] = set()
        self._waiting: dict[object, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._told = False

    def serve(self, queue: str) -> None:
        """Name this queue where the log tells of the pool."""
        self._queues.add(shown_name(queue))

    async def connection(self) -> PooledConnection:
        """Return a connection of the pool, to be released to it."""
        place, since = object(), time.monotonic()
        self._waiting[place] = since
        if self._timer is None:
            self._look_later(_PATIENCE)
        try:
            connection = await self._pool.acquire()
        finally:
            del self._waiting[place]
        if self._told:
            self._told = False
            logger.warning("%s gave a connection after %.0f s", self, time.monotonic() - since)
        return connection

    def problem(self) -> str:
        """Say what is in the way of who waits, and what helps."""
        size, most = self._pool.get_size(), self._pool.get_max_size()
        if size == most and not self._pool.get_idle_size():
            return (
                f"all {most} connections of {self} are in use: raise its max_size, or look for what keeps them "
                "(units of work and job funcs that wait for something else, a connection that was never released)"
            )
        return f"{self} has {size} of {most} connections and gets no other: the server does not answer"

    def __str__(self) -> str:
        return f"the pool of {', '.join(sorted(self._queues)) or 'no queue'}"

    def _look_later(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        since = next(iter(self._waiting.values()), None)
        if since is None:
            return
        waited = time.monotonic() - since
        if waited < _PATIENCE:
            self._look_later(_PATIENCE - waited)
            return
        self._told = True
        logger.warning("%d waiting for a connection for up to %.0f s: %s", len(self._waiting), waited, self.problem())
        self._look_later(_REMINDER)


_lines: WeakValueDictionary[Pool, PoolLine] = WeakValueDictionary()


def line_of(pool: Pool) -> PoolLine:
    """Return the line of this pool."""
    line = _lines.get(pool)
    if line is None:
        _lines[pool] = line = PoolLine(pool)
    return line
