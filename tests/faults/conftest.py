"""The scene of a fault."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from infrastructure.embedded_postgres import EmbeddedPostgres
from tests.faults.scene import Scene, ServerScene, open_scene
from tests.postgres_server import Databases

# Not synchronous_commit: what was committed must survive a crash of the server. Only the machine must not crash.
_QUICK = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@pytest.fixture
async def scene(database_dsn: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """Yield a fresh scene on the server that all tests share."""
    async with open_scene(Scene, database_dsn, tmp_path) as scene:
        yield scene


@pytest.fixture(scope="session")
def own_server() -> Iterator[EmbeddedPostgres]:
    """Run a server that fault tests may stop; they start it again."""
    server = EmbeddedPostgres(_QUICK, tcp=True)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def own_databases(own_server: EmbeddedPostgres) -> Iterator[Databases]:
    """Make databases on it."""
    databases = Databases(own_server.dsn)
    try:
        databases.create_template()
        yield databases
    finally:
        databases.drop_template()


@pytest.fixture
async def server_scene(
    own_server: EmbeddedPostgres, own_databases: Databases, tmp_path: Path
) -> AsyncIterator[ServerScene]:
    """Yield a fresh scene on that server."""
    dsn = own_databases.create()
    async with open_scene(ServerScene, dsn, tmp_path) as scene:
        scene.server = own_server
        scene.tcp_dsn = urlunsplit(urlsplit(own_server.tcp_dsn)._replace(path=urlsplit(dsn).path))
        yield scene
    own_databases.drop(dsn)
