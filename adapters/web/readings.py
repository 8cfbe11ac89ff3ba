"""What was read of the queues, shared by all who look."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import timedelta
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


class Readings:
    """Asks storage at most once in an interval for the same thing, however many pages show it.

    Time is cut into turns of one interval. What was read in a turn holds until its end.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval.total_seconds()
        self._turn = 0
        self._taken: dict[Hashable, asyncio.Task[Any]] = {}

    async def get(self, key: Hashable, read: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """Return what `read` returned in this turn, for whoever asked first by this key."""
        self._begin_turn()
        task = self._taken.get(key)
        if task is None:
            task = self._taken[key] = asyncio.ensure_future(_reading(read))
            task.add_done_callback(_note_error)
        # One who leaves does not take the reading away from the others.
        return await asyncio.shield(task)

    async def next_turn(self) -> None:
        """Wait for the next turn."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self._interval - now % self._interval)

    def forget(self) -> None:
        """Read everything anew, after something was changed."""
        self._taken.clear()

    def _begin_turn(self) -> None:
        turn = int(asyncio.get_running_loop().time() // self._interval)
        if turn != self._turn:
            self._turn = turn
            self._taken = {key: task for key, task in self._taken.items() if not task.done()}


async def _reading(read: Callable[[], Awaitable[ResultT]]) -> ResultT:
    return await read()


def _note_error(task: asyncio.Task[Any]) -> None:
    # Whoever waits gets it; where all have left, nobody needs to hear of it.
    if not task.cancelled():
        task.exception()
