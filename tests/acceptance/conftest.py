"""Every scenario is played in every world, in an event loop of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.acceptance.async_steps import pytest_bdd_before_step_call
from tests.acceptance.stage import Stage
from tests.acceptance.theatre import Theatre
from tests.worlds.fixtures import WorldOpener

__all__ = ["pytest_bdd_before_step_call", "theatre"]


@pytest.fixture
def theatre(open_world: WorldOpener) -> Iterator[Theatre]:
    """Yield the one place where the coroutines of a scenario run."""
    with asyncio.Runner() as runner:
        resources = AsyncExitStack()
        world = runner.run(resources.enter_async_context(open_world()))
        stage = Stage(world)
        resources.push_async_callback(stage.close)
        yield Theatre(runner, stage)
        runner.run(resources.aclose())
