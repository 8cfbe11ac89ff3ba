"""Limits for the statements of attempts, watched together."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from adapters.postgres.driver import DRIVER_ERRORS, JobConnection

_INTERVAL = 1.0

ResultT = TypeVar("ResultT")


class Deadlines:
    """Gives up connections that do not answer in time, up to a second later.

    All of them are looked at once a second: a timer for each statement would cost a tenth of a job that writes.
    """

    def __init__(self) -> None:
        self._waiting: dict[JobConnection, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def within(self, seconds: float, connection: JobConnection, work: Awaitable[ResultT]) -> ResultT:
        """Wait for an answer. Raises `TimeoutError` without one; the connection is given up then."""
        self._waiting[connection] = time.monotonic() + seconds
        if self._timer is None:
            self._look_later()
        try:
            return await work
        except DRIVER_ERRORS as error:
            if connection in self._waiting:
                raise
            msg = f"the server did not answer within {seconds:g} s"
            raise TimeoutError(msg) from error
        finally:
            self._waiting.pop(connection, None)

    def close(self) -> None:
        """Stop looking."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_INTERVAL, self._look)

    def _look(self) -> None:
        self._timer = None
        now = time.monotonic()
        for connection in [waiting for waiting, deadline in self._waiting.items() if deadline < now]:
            del self._waiting[connection]
            connection.terminate()
        if self._waiting:
            self._look_later()
