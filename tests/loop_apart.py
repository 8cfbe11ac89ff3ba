"""An event loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

ParamsT = ParamSpec("ParamsT")
ResultT = TypeVar("ResultT")


class LoopApart:
    """Runs coroutines for code that is not async: it needs the loop of no test, and disturbs none."""

    def __init__(self) -> None:
        """Start the thread."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(
        self, work: Callable[ParamsT, Coroutine[Any, Any, ResultT]], *args: ParamsT.args, **kwargs: ParamsT.kwargs
    ) -> ResultT:
        """Call, run what comes back to its end, and return or raise what it does."""
        return asyncio.run_coroutine_threadsafe(work(*args, **kwargs), self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
