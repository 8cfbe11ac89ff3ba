"""Statements of ours on connections of the pool, each within a limit.

A connection can fall silent without being reset. The driver would wait for as long as the network stack does,
a quarter of an hour or for ever, and the pool would hand the connection out again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar, cast

from adapters.postgres.driver import DRIVER_ERRORS, Pool, PooledConnection, connect_beside
from adapters.postgres.pool_line import line_of

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
    """Do one statement on a connection of the pool, waiting in its line."""
    try:
        connection = await line_of(pool).connection()
        try:
            return await patiently(connection, work(connection))
        finally:
            # A session that ends right after the statement must not make it look failed.
            with suppress(*DRIVER_ERRORS):
                await pool.release(connection)
    except DRIVER_ERRORS:
        if not pool.is_closing():
            raise
    return await _beside(pool, work)


async def _beside(pool: Pool, work: Callable[[PooledConnection], Awaitable[ResultT]]) -> ResultT:
    """Do what was under way when the application closed the pool: an attempt must end."""
    async with asyncio.timeout(PATIENCE):
        connection = await connect_beside(pool)
        try:
            result = await work(cast("PooledConnection", connection))
            await connection.close()
        finally:
            connection.terminate()  # where it is not closed
        return result


async def soon_on_pool(pool: Pool, work: Callable[[PooledConnection], Awaitable[ResultT]]) -> ResultT:
    """Do what may as well be done later. Raises `TimeoutError` where no connection becomes free in time."""
    if pool.is_closing():
        return await _beside(pool, work)
    waiting = asyncio.timeout(PATIENCE)
    try:
        async with waiting, pool.acquire() as connection:
            waiting.reschedule(None)
            return await patiently(connection, work(connection))
    except TimeoutError as error:
        if waiting.expired():
            raise TimeoutError(line_of(pool).problem()) from error
        raise
