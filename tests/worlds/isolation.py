"""Running something where no unit of work of the caller is open."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


async def apart(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run it as another caller would, in a context of its own."""
    return await asyncio.create_task(work, context=Context())
