"""Producers that go on while the server comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.faults.act import Act
from tests.faults.history import Outcome
from tests.faults.scene import Scene
from tests.worlds.deadline import eventually

_BETWEEN_JOBS = 0.005


class Load:
    """One producer, whose jobs may or may not be committed; it writes down what it is told."""

    def __init__(self, scene: Scene, dsn: str) -> None:
        self._scene = scene
        self._dsn = dsn
        self.outcomes: list[Outcome] = []
        self.is_wanted = True

    async def run(self) -> None:
        """Enqueue until it is not wanted any more; what is under way is brought to its end."""
        async with asyncpg.create_pool(self._dsn, min_size=0, max_size=1, timeout=5, command_timeout=5) as pool:
            while self.is_wanted:
                number = len(self.outcomes)
                follow_up = f"LOAD-{number}/next" if number % 4 == 1 else None
                job = Act(f"LOAD-{number}", writes=number % 4 > 0, follow_up=follow_up)
                produce = self._scene.produce_alone if number % 3 == 0 else self._scene.produce
                self.outcomes.append(await produce(pool, job))
                await asyncio.sleep(_BETWEEN_JOBS)

    async def commits(self, number: int) -> None:
        """Wait until so many more jobs were committed."""
        wanted = self.outcomes.count(Outcome.COMMITTED) + number
        await eventually(lambda: self.outcomes.count(Outcome.COMMITTED) >= wanted, lambda: self.outcomes[-20:])


@asynccontextmanager
async def under_load(scene: Scene, dsn: str | None = None) -> AsyncIterator[Load]:
    """Produce for the length of a block."""
    load = Load(scene, dsn or scene.dsn)
    task = asyncio.create_task(load.run())
    try:
        yield load
    finally:
        load.is_wanted = False
        await task
