"""One snapshot for all statements of a look that counts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.postgres.driver import Pool, PooledConnection

BY_INDEX = "; ".join(f"set local enable_{way} = off" for way in ("seqscan", "bitmapscan", "sort"))
"""For statements with a limit, in a transaction.

Where a table has grown since it was analyzed, the planner would rather read all rows that match, in whatever way, and
sort them: no limit bounds that.
"""


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncGenerator[PooledConnection]:
    """Yield a connection that sees one instant, changes nothing, and reads by indexes."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(BY_INDEX)
        yield connection
