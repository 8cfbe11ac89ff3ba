"""A step that repeats: when woken, when its time has come, and with growing pauses while it fails."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0
_REMINDER = 60.0

logger = logging.getLogger("arrower.worker")


class Complaints:
    """Tells which of many failures in a row are worth a line in the log: what is new, and once a minute the same."""

    def __init__(self) -> None:
        self._said = ""
        self._again_at = 0.0

    def are_due(self, text: str, now: float) -> bool:
        """Tell whether to say this, and take it for said. `now` is in seconds of any clock."""
        if text == self._said and now < self._again_at:
            return False
        self._said, self._again_at = text, now + _REMINDER
        return True


class Loop:
    """Repeats one asynchronous step until it is cancelled."""

    def __init__(self, name: str, step: Callable[[], Awaitable[float]]) -> None:
        """Repeat `step`, which returns the seconds until it wants to be called again, if not woken."""
        self.name = name
        self._step = step
        self._woken = asyncio.Event()
        self._due = float("inf")
        self.succeeded_at: float | None = None
        """When a step last ended well, by the monotonic clock."""

    def late(self) -> float:
        """Return for how many seconds a step has been due, or under way; 0 while the loop waits for the next."""
        return max(time.monotonic() - self._due, 0.0)

    def wake(self) -> None:
        """Call the step again at once, or right after the call that is under way."""
        self._woken.set()

    async def run(self) -> None:
        """Run for ever. A failing step is logged and tried again; being woken does not hasten that."""
        failures, complaints = 0, Complaints()
        while True:
            self._woken.clear()
            self._due = time.monotonic()
            try:
                pause = await self._step()
            except Exception as error:
                backoff = min(_FIRST_BACKOFF * 2**failures, _LONGEST_BACKOFF)
                failures = min(failures + 1, 16)
                if backoff < _LONGEST_BACKOFF or complaints.are_due(repr(error), time.monotonic()):
                    logger.warning("%s failed, next try in %.1f s: %s", self.name, backoff, repr(error))
                logger.debug("%s failed", self.name, exc_info=error)
                self._due = time.monotonic() + backoff
                await asyncio.sleep(backoff)
                continue
            self.succeeded_at = time.monotonic()
            self._due = self.succeeded_at + pause
            if failures:
                logger.warning("%s works again", self.name)
                failures = 0
            await self._wait(pause)

    async def _wait(self, pause: float) -> None:
        if pause <= 0 or self._woken.is_set():
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            pass


class RunningLoops:
    """Loops that run side by side, each in a task of its own."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._tasks: dict[Loop, asyncio.Task[None]] = {}

    def start(self, *loops: Loop) -> None:
        """Run these, too."""
        for loop in loops:
            self._tasks[loop] = asyncio.create_task(loop.run(), name=f"{self._owner}: {loop.name}")

    def late(self) -> float:
        """Return for how many seconds the latest of them has been late."""
        return max((loop.late() for loop in self._tasks), default=0.0)

    async def stop(self, *loops: Loop) -> None:
        """Cancel these where they run, one after the other, and wait until they have ended."""
        for loop in loops:
            task = self._tasks.pop(loop, None)
            if task is not None:
                task.cancel()
                await asyncio.wait([task])

    async def stop_all(self) -> None:
        """Cancel every one that runs."""
        await self.stop(*self._tasks)
