"""The worlds as fixtures."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest

from tests.worlds.memory_world import MemoryWorld
from tests.worlds.postgres_world import open_postgres_world
from tests.worlds.world import World

WorldOpener = Callable[[], AbstractAsyncContextManager[World]]


@pytest.fixture(params=["memory", "postgres"])
def open_world(request: pytest.FixtureRequest) -> WorldOpener:
    """Return what opens a fresh world, once for every adapter."""
    if request.param == "memory":
        return _open_memory_world
    return partial(open_postgres_world, request.getfixturevalue("database_dsn"))


@asynccontextmanager
async def _open_memory_world() -> AsyncIterator[World]:
    world = MemoryWorld()
    try:
        yield world
    finally:
        await world.close()
