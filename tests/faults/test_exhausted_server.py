"""A server all of whose connections others have."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres.driver import Connection
from infrastructure.embedded_postgres import EmbeddedPostgres
from tests.faults.act import Act
from tests.faults.scene import ServerScene, open_scene

_SETTINGS = {"fsync": "off", "max_connections": "12", "superuser_reserved_connections": "0"}
_OTHERS = "others"
_OF_WORKERS = f"application_name <> '{_OTHERS}'"


@pytest.fixture
async def small_scene(tmp_path: Path) -> AsyncIterator[ServerScene]:
    """Yield a scene on a server of its own, which allows few connections."""
    server = EmbeddedPostgres(_SETTINGS)
    try:
        server.start()
        async with open_scene(ServerScene, server.dsn, tmp_path) as scene:
            scene.server = server
            yield scene
    finally:
        server.remove()


class Others:
    """Sessions that nobody here has opened."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._sessions: list[Connection] = []

    async def take_all(self) -> None:
        """Connect until the server takes no more."""
        with suppress(asyncpg.TooManyConnectionsError):
            while True:
                own = {"application_name": _OTHERS}
                self._sessions.append(await asyncpg.connect(self._dsn, server_settings=own))

    async def leave(self) -> None:
        """Take leave of it."""
        while self._sessions:
            await self._sessions.pop().close()


@pytest.mark.faults
async def test_workers_wait_for_connections_and_say_so(small_scene: ServerScene) -> None:
    """One that has lost its connections and one that starts: with growing pauses, no sooner, and then they work."""
    scene, others = small_scene, Others(small_scene.dsn)
    running = scene.crew.start(connections=3, migrates=True)
    await running.ends()
    running = scene.crew.start(connections=3)
    await scene.enqueue(*[Act(f"LAMP-{n}", writes=n % 2 > 0) for n in range(20)])
    await scene.done()

    await others.take_all()
    while "failed, next try in 0.8 s" not in running.log:
        await scene.end_sessions(_OF_WORKERS)
        await others.take_all()
    starting = scene.crew.start(connections=3)
    await starting.says("claiming jobs failed, next try in 0.8 s")
    await scene.enqueue(*[Act(f"SOFA-{n}", writes=n % 2 > 0) for n in range(20)])
    await others.leave()
    await scene.done()

    for worker in (running, starting):
        await worker.says("works again")
        assert "sorry, too many clients already" in worker.log
    await scene.check()
