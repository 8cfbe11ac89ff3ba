"""Statements of ours on connections of the pool, each within a limit.

A connection can fall silent without being reset. The driver would wait for as long as the network stack does,
a quarter of an hour or for ever, and the pool would hand the connection out again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.postgres.driver import Pool, PooledConnection

PATIENCE = 15.0
"""Seconds for a statement of ours; none of them takes long where the server answers."""

PATIENCE_FOR_COMMIT = 60.0
"""Seconds for a commit, which may have deferred work of the application to do."""

ResultT = TypeVar("ResultT")


async def patiently(connection: PooledConnection, work: Awaitable[ResultT], seconds: float = PATIENCE) -> ResultT:
    """Wait for an answer. Raises `TimeoutError` without one; the connection is given up then."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        connection.terminate()
        raise


async def on_pool(pool: Pool, work: Callable[[PooledConnection], Awaitable[ResultT]]) -> ResultT:
    """Do one statement on a connection of the pool, waiting for a free one as long as it takes."""
    async with pool.acquire() as connection:
        return await patiently(connection, work(connection))
