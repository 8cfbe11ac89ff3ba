"""The last acts of a pool, for which it has little time."""

import asyncio
import logging
from collections.abc import Awaitable

_PATIENCE = 5.0
"""Seconds for what is left to do after the grace, and for telling a database that may be away."""

logger = logging.getLogger("arrower.worker")


async def within_farewell(last_act: Awaitable[object]) -> None:
    """Await it for a moment. Shutdown ends in any case: what fails here is logged, and freed by the lease."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await last_act
    except Exception as error:  # noqa: BLE001  # shutdown goes on
        logger.warning("shutdown could not finish cleanly: %s", repr(error))
