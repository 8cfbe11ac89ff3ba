"""A fresh database for each run."""

import asyncio

from adapters.postgres.driver import Connection
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.server import Server

_PATIENCE = 30.0
_BACKENDS = "select count(*) from pg_stat_activity where datname = $1 and backend_type = 'client backend'"
_COMMITS = "select xact_commit from pg_stat_database where datname = $1"
_EFFECTS = "select count(*), count(distinct number) from effects"


class Database:
    """One database, with the table of effects that job funcs insert into."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.environment = server.environment(name)

    async def connect(self) -> Connection:
        """Open a connection of the benchmark's own."""
        return await self.server.connect(self.name)

    async def create(self) -> None:
        """Create it; one that is left from before is dropped."""
        maintenance = await self.server.connect()
        try:
            await maintenance.execute(f'drop database if exists "{self.name}" with (force)')
            await maintenance.execute(f'create database "{self.name}"')
        finally:
            await maintenance.close()
        connection = await self.connect()
        try:
            await connection.execute("create table effects (number bigint not null)")
        finally:
            await connection.close()

    async def drop(self) -> None:
        """Drop it, whoever is connected."""
        maintenance = await self.server.connect()
        try:
            await maintenance.execute(f'drop database if exists "{self.name}" with (force)')
        finally:
            await maintenance.close()

    async def settle(self) -> None:
        """Clean up what the preparation left behind, the same for everybody."""
        connection = await self.connect()
        try:
            await connection.execute("vacuum (analyze)")
            await connection.execute("checkpoint")
        finally:
            await connection.close()

    async def wal(self, connection: Connection) -> int:
        """Return the bytes of WAL written so far."""
        return int(await connection.fetchval("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))

    async def connections(self, connection: Connection) -> int:
        """Return how many connections there are beside the given one."""
        return int(await connection.fetchval(_BACKENDS, self.name)) - 1

    async def commits(self) -> int:
        """Wait until everybody has left, which is when sessions report the last of them, and count."""
        maintenance = await self.server.connect()
        try:
            async with asyncio.timeout(_PATIENCE):
                while await maintenance.fetchval(_BACKENDS, self.name):  # noqa: ASYNC110  # nobody tells us
                    await asyncio.sleep(0.02)
            return int(await maintenance.fetchval(_COMMITS, self.name))
        finally:
            await maintenance.close()

    async def expect_effects(self, connection: Connection, expected: int) -> None:
        """Raise `MeasurementFailed` unless there are so many effects, none of them twice."""
        row = await connection.fetchrow(_EFFECTS)
        if row is None or tuple(row) != (expected, expected):
            found = "nothing" if row is None else f"{row[0]} effects of {row[1]} jobs"
            msg = f"expected one effect of each of {expected} jobs, found {found}"
            raise MeasurementFailed(msg)
