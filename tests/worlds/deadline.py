"""Waiting for what will happen, with an end: the only place where tests look at a real clock."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE = 30.0
"""Seconds. Nothing takes that long, on a busy machine either; a test that waits for so long has failed."""

PAUSE = 0.005

ResultT = TypeVar("ResultT")


async def eventually(
    condition: Callable[[], bool | Awaitable[bool]],
    describe: Callable[[], object] | None = None,
    patience: float = PATIENCE,
    pause: float = PAUSE,
) -> None:
    """Ask until the condition holds. Raises `AssertionError` after the deadline, with `describe()`."""
    try:
        async with asyncio.timeout(patience):
            while not await _holds(condition):  # noqa: ASYNC110  # nobody tells when it comes to hold
                await asyncio.sleep(pause)
    except TimeoutError as error:
        seen = "" if describe is None else f": {describe()}"
        msg = f"still not so after {patience:g} s: {inspect.getsource(condition).strip()}{seen}"
        raise AssertionError(msg) from error


async def within(awaitable: Awaitable[ResultT], patience: float = PATIENCE) -> ResultT:
    """Wait for something that will happen soon. Raises `AssertionError` after the deadline."""
    limit = asyncio.timeout(patience)
    try:
        async with limit:
            return await awaitable
    except TimeoutError as error:
        if limit.expired():
            msg = f"did not happen within {patience:g} s: {awaitable!r:.200}"
            raise AssertionError(msg) from error
        raise


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = condition()
    if isinstance(answer, bool):
        return answer
    return await answer
