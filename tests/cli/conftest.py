"""Terminals on every adapter."""

from collections.abc import AsyncIterator

import pytest

from tests.cli.terminal import Terminal
from tests.worlds import World
from tests.worlds.fixtures import WorldOpener


@pytest.fixture
async def world(open_world: WorldOpener) -> AsyncIterator[World]:
    """Yield a world without jobs."""
    async with open_world() as world:
        yield world


@pytest.fixture
def terminal(world: World) -> Terminal:
    """Return a terminal on it."""
    return Terminal(world)
