"""The one server that everything is compared on."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

import asyncpg

from adapters.postgres.driver import Connection
from infrastructure.embedded_postgres import EmbeddedPostgres
from tests.benchmarks.faults import MeasurementFailed

_MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
_REMARKABLE = ("server_version", *_MUST_BE_ON, "wal_sync_method", "shared_buffers", "max_wal_size", "data_directory")


class Server:
    """An embedded PostgreSQL as it comes: durable, and nothing tuned."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        """Use a server that runs."""
        self._postgres = postgres
        self._host = parse_qs(urlsplit(postgres.dsn).query)["host"][0]
        self.settings: dict[str, str] = {}
        """What is remarkable of the configuration, once it was checked."""

    @classmethod
    @contextmanager
    def running(cls) -> Generator[Self, None, None]:
        """Run a server for the length of a block."""
        postgres = EmbeddedPostgres()
        try:
            postgres.start()
            yield cls(postgres)
        finally:
            postgres.remove()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._postgres.pid

    @property
    def programs(self) -> Path:
        """The folder of pgbench and other programs of the server."""
        return self._postgres.binaries

    def environment(self, database: str) -> dict[str, str]:
        """Return the variables that lead any client library to a database of this server."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"PGHOST": self._host, "PGUSER": "postgres", "PGDATABASE": database}

    async def connect(self, database: str = "postgres") -> Connection:
        """Open a connection of the benchmark's own."""
        return await asyncpg.connect(host=self._host, user="postgres", database=database)

    async def check(self) -> None:
        """Read the configuration. Raises `MeasurementFailed` where the server is not durable."""
        connection = await self.connect()
        try:
            for name in _REMARKABLE:
                self.settings[name] = await connection.fetchval("select current_setting($1)", name)
        finally:
            await connection.close()
        for name in _MUST_BE_ON:
            if self.settings[name] != "on":
                msg = f"{name} is {self.settings[name]}: a server that is not durable proves nothing"
                raise MeasurementFailed(msg)
