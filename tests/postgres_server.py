"""The PostgreSQL that tests run against, and a database of its own for each of them.

By default it is the embedded one. `ARROWER_TEST_POSTGRES` names another: a DSN of a superuser, or `docker` for a
container (`docker:15` for another version than the default).
"""

import asyncio
import itertools
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from adapters.postgres import migrate
from infrastructure.embedded_postgres import embedded_postgres

ResultT = TypeVar("ResultT")

# What tests may lose in a crash of the machine, they make anew.
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "file_copy_method": "clone",  # copies a database in a twentieth of a second instead of one
}


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the DSN of a server for the length of a block."""
    choice = os.environ.get("ARROWER_TEST_POSTGRES", "")
    if choice.startswith("docker"):
        with _container(choice.partition(":")[2] or "16") as dsn:
            yield dsn
    elif choice:
        yield choice
    else:
        with embedded_postgres(_QUICK) as dsn:
            yield dsn


@contextmanager
def _container(version: str) -> Iterator[str]:
    from testcontainers.postgres import PostgresContainer  # noqa: PLC0415  # needs Docker, and only here

    with PostgresContainer(f"postgres:{version}", driver=None) as container:
        yield container.get_connection_url()


class Databases:
    """Makes databases from a template that was migrated once."""

    def __init__(self, server_dsn: str) -> None:
        self._server = server_dsn
        self._prefix = f"arrower_test_{os.getpid()}"
        self._numbers = itertools.count(1)

    def create_template(self) -> None:
        """Create and migrate the template."""
        run_apart(lambda: self._recreate(self._prefix, None))
        run_apart(self._migrate_template)

    def create(self) -> str:
        """Create a database, and return its DSN."""
        name = f"{self._prefix}_{next(self._numbers)}"
        run_apart(lambda: self._recreate(name, self._prefix))
        return self._dsn(name)

    def drop(self, dsn: str) -> None:
        """Drop a database, whoever is still connected to it."""
        name = urlsplit(dsn).path.removeprefix("/")
        run_apart(lambda: self._execute(f'drop database if exists "{name}" with (force)'))

    def drop_template(self) -> None:
        """Drop the template."""
        self.drop(self._dsn(self._prefix))

    async def _recreate(self, name: str, template: str | None) -> None:
        await self._execute(f'drop database if exists "{name}" with (force)')
        await self._execute(f'create database "{name}"' + (f' template "{template}" strategy file_copy' if template else ""))

    async def _migrate_template(self) -> None:
        async with asyncpg.create_pool(self._dsn(self._prefix), min_size=0, max_size=1) as pool:
            await migrate(pool)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _dsn(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))


def run_apart(work: Callable[[], Coroutine[Any, Any, ResultT]]) -> ResultT:
    """Run a coroutine to its end in a thread, so that it needs no event loop and disturbs none."""
    results: list[ResultT] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work()))
        except BaseException as error:  # noqa: BLE001  # raised again by the caller
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
