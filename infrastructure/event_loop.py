"""The event loop of an entry point: the faster one, where the platform has it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


def run(main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run to the end, on uvloop if it is installed."""
    try:
        import uvloop  # noqa: PLC0415  # not there on Windows
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)
