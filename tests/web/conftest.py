"""Dashboards on a shop that has been open for a while."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.types import ASGIApp

from adapters.web import DashboardOptions, dashboard
from tests.web.browser import Browser
from tests.web.rooms import control_room_of
from tests.web.scenery import Shop
from tests.worlds import MemoryWorld, World

OpenDashboard = Callable[..., ASGIApp]


@pytest.fixture
async def world() -> AsyncIterator[MemoryWorld]:
    """Yield a world without jobs."""
    world = MemoryWorld()
    yield world
    await world.close()


@pytest.fixture
async def shop(world: World) -> Shop:
    """Return a shop that has been busy for a minute."""
    shop = Shop(world)
    await shop.open(steps=6)
    return shop


@pytest.fixture
def open_dashboard(world: World) -> OpenDashboard:
    """Return what makes a dashboard on the world, with options."""

    def open_it(**options: Any) -> ASGIApp:
        return dashboard(
            control_room_of(world),
            DashboardOptions(**options),
        )

    return open_it


@pytest.fixture
async def browser(open_dashboard: OpenDashboard) -> AsyncIterator[Browser]:
    """Yield a browser on a dashboard where one can act."""
    async with Browser(open_dashboard(actions=True)) as browser:
        yield browser
