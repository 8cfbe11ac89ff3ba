"""Connections for the transactions of attempts, held from one attempt to the next for a moment."""

import asyncio
import time
from abc import abstractmethod
from bisect import insort
from contextlib import suppress
from typing import Protocol

from adapters.postgres.deadlines import Deadlines
from adapters.postgres.driver import DRIVER_ERRORS, JobConnection, Pool, PooledConnection, can_be_held
from adapters.postgres.pool_line import line_of

_SLICE = 0.05
"""Seconds after which a connection goes back, so that whoever shares the pool has a turn."""


class BegunAhead(Protocol):
    """A transaction that began with the commit of the one before, in the expectation that it is needed."""

    @abstractmethod
    async def give_back_unused(self) -> None:
        """End it, and let it begin again when it is needed. Does nothing where it is used by now."""


class JobConnections:
    """Saves busy workers the way to the pool and back, which costs a round trip for each job."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._line = line_of(pool)
        self._may_hold = can_be_held(pool)
        self._held: list[tuple[float, PooledConnection]] = []
        self._ahead: dict[BegunAhead, float] = {}
        self.deadlines = Deadlines()
        self._returning: asyncio.Task[None] | None = None

    async def acquire(self) -> JobConnection:
        """Return a connection outside any transaction, its session state reset."""
        now = time.monotonic()
        while self._held:
            since, held = self._held.pop()
            if now - since < _SLICE and not held.is_closed():
                return JobConnection(held, since)
            await self._give_back(held)
        return JobConnection(await self._line.connection(), time.monotonic())

    async def release(self, connection: JobConnection, *, reset: bool) -> None:
        """Take a connection back. `reset`: it is outside any transaction and its session state is reset."""
        held, since = connection.held, connection.since
        connection.end()
        if not (reset and self._may_hold) or held.is_closed() or time.monotonic() - since >= _SLICE:
            await self._give_back(held)
            return
        insort(self._held, (since, held), key=_since)  # the one held longest comes first
        self._return_later()

    def may_pass_on(self, connection: JobConnection) -> bool:
        """Tell whether the next attempt may go on with the connection, without its way through our hands."""
        return self._may_hold and time.monotonic() - connection.since < _SLICE

    def pass_on(self, connection: JobConnection, heir: BegunAhead) -> JobConnection:
        """Take a connection from one attempt, and return it for the transaction of `heir`, which has begun."""
        connection.end()
        self._ahead[heir] = time.monotonic()
        self._return_later()
        return JobConnection(connection.held, connection.since)

    def used(self, heir: BegunAhead) -> None:
        """Note that a transaction which began ahead is needed indeed, or over."""
        self._ahead.pop(heir, None)

    async def close(self) -> None:
        """Give everything back that is held."""
        self.deadlines.close()
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.wait([self._returning])
            self._returning = None
        while self._held:
            await self._give_back(self._held.pop()[1])

    def _return_later(self) -> None:
        if self._returning is None:
            self._returning = asyncio.create_task(self._return_in_time(), name="arrower: returning connections")

    async def _return_in_time(self) -> None:
        while self._held or self._ahead:
            await asyncio.sleep(_SLICE)
            now = time.monotonic()
            for heir in [heir for heir, since in self._ahead.items() if now - since >= _SLICE]:
                await heir.give_back_unused()
            while self._held and time.monotonic() - self._held[0][0] >= _SLICE:
                await self._give_back(self._held.pop(0)[1])
        self._returning = None

    async def _give_back(self, held: PooledConnection) -> None:
        with suppress(*DRIVER_ERRORS):  # one that is broken is replaced by the pool
            await self._pool.release(held)


def _since(entry: tuple[float, PooledConnection]) -> float:
    return entry[0]
