"""Roles with fewer rights than the one that owns the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from adapters.postgres.driver import Pool
from tests.worlds import PostgresWorld


@asynccontextmanager
async def reader_role(world: PostgresWorld, name: str, options: str = "") -> AsyncIterator[Pool]:
    """Yield connections of a role that may read the tables, and nothing else; its name begins with `name`."""
    parts = urlsplit(world.dsn)
    role = f"{name}_of_{parts.path.removeprefix('/')}"
    await world.pool.execute(
        f"create role \"{role}\" login password 'guest' nosuperuser nocreatedb nocreaterole {options}"
    )
    await world.pool.execute(f'grant usage on schema arrower to "{role}"')
    await world.pool.execute(f'grant select on all tables in schema arrower to "{role}"')
    try:
        dsn = urlunsplit(parts._replace(netloc=f"{role}:guest@{parts.netloc.rpartition('@')[2]}"))
        async with asyncpg.create_pool(dsn, min_size=0) as pool:
            yield pool
    finally:
        await world.pool.execute(f'drop owned by "{role}"')
        await world.pool.execute(f'drop role "{role}"')
