"""The PostgreSQL that tests run against, and a database of its own for each of them.

By default it is the embedded one. `ARROWER_TEST_POSTGRES` names another: a DSN of a superuser, or `docker` for a
container (`docker:15` for another version than the default).
"""

import itertools
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from adapters.postgres import migrate
from adapters.postgres.driver import Connection
from infrastructure.embedded_postgres import embedded_postgres
from tests.loop_apart import LoopApart

# What tests may lose in a crash of the machine, they make anew.
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "max_connections": "300",
}
_ROOM = 2 << 30  # bytes


@contextmanager
def postgres_server() -> Generator[str]:
    """Give the DSN of a server for the length of a block."""
    choice = os.environ.get("ARROWER_TEST_POSTGRES", "")
    if choice.startswith("docker"):
        with _container(choice.partition(":")[2] or "16") as dsn:
            yield dsn
    elif choice:
        yield choice
    else:
        with embedded_postgres(_QUICK, parent=_memory()) as dsn:
            yield dsn


def _memory() -> Path | None:
    """Return a folder in memory, where a database is created many times as fast as on a disk, if there is room."""
    memory = Path("/dev/shm")  # noqa: S108  # the server makes a folder of its own in it
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if has_room else None


@contextmanager
def _container(version: str) -> Generator[str]:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415  # needs Docker, and only here

    settings = " ".join(f"-c {name}={value}" for name, value in _QUICK.items())
    with PostgresContainer(f"postgres:{version}", driver=None).with_command(f"postgres {settings}") as container:
        yield container.get_connection_url()


class Databases:
    """Makes databases from a template that was migrated once, over one connection that stays open."""

    def __init__(self, server_dsn: str) -> None:
        self._server = server_dsn
        self._prefix = f"arrower_test_{os.getpid()}"
        self._numbers = itertools.count(1)
        self._loop = LoopApart()
        self._connection: Connection = self._loop.run(asyncpg.connect, server_dsn)

    def create_template(self) -> None:
        """Create and migrate the template."""
        self._recreate(self._prefix, "")
        self._loop.run(self._migrate_template)

    def create(self) -> str:
        """Create a database, and return its DSN."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self._recreate(name, f'template "{self._prefix}"')
        return self._dsn(name)

    def drop(self, dsn: str) -> None:
        """Drop a database, whoever is still connected to it."""
        name = urlsplit(dsn).path.removeprefix("/")
        self._execute(f'drop database if exists "{name}" with (force)')

    def drop_template(self) -> None:
        """Drop the template, and take leave of the server."""
        self.drop(self._dsn(self._prefix))
        self._loop.run(self._connection.close)
        self._loop.close()

    def _recreate(self, name: str, options: str) -> None:
        self._execute(f'drop database if exists "{name}" with (force)')
        self._execute(f'create database "{name}" {options}')

    async def _migrate_template(self) -> None:
        async with asyncpg.create_pool(self._dsn(self._prefix), min_size=0, max_size=1) as pool:
            await migrate(pool)

    def _execute(self, statement: str) -> None:
        if self._connection.is_closed():  # a test may have restarted the server
            self._connection = self._loop.run(asyncpg.connect, self._server)
        self._loop.run(self._connection.execute, statement)

    def _dsn(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))
