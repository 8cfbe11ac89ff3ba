"""What only PostgreSQL has."""

from collections.abc import AsyncIterator

import pytest

from tests.worlds import PostgresWorld, open_postgres_world


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world in PostgreSQL."""
    async with open_postgres_world(database_dsn) as world:
        yield world
