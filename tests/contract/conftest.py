"""The contract holds in every world."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.worlds.fixtures import WorldOpener
from tests.worlds.telescope import Telescope
from tests.worlds.world import World


@pytest.fixture
async def world(open_world: WorldOpener) -> AsyncIterator[World]:
    """Yield a fresh world."""
    async with open_world() as world:
        yield world


@pytest.fixture
def telescope() -> Iterator[Telescope]:
    """Yield an SDK that a queue reports to: `world.queue(telemetry=telescope.telemetry)`."""
    telescope = Telescope()
    yield telescope
    telescope.close()
