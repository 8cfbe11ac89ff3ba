"""Migrates several times at once: `python -m tests.integration.migrate_program DSN TIMES`."""

import asyncio
import sys

import asyncpg

from adapters.postgres import migrate


async def migrate_at_once(dsn: str, times: int) -> None:
    """Call `migrate` from as many connections."""
    async with asyncpg.create_pool(dsn, min_size=times, max_size=times) as pool:
        await asyncio.gather(*(migrate(pool, schema="crowded") for _ in range(times)))


if __name__ == "__main__":
    asyncio.run(migrate_at_once(sys.argv[1], int(sys.argv[2])))
