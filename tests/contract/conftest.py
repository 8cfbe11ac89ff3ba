"""The contract holds in every world."""

from collections.abc import AsyncIterator

import pytest

from tests.worlds.fixtures import WorldOpener
from tests.worlds.world import World


@pytest.fixture
async def world(open_world: WorldOpener) -> AsyncIterator[World]:
    """Yield a fresh world."""
    async with open_world() as world:
        yield world
