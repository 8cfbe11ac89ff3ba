"""The state of the server, as far as it concerns the queues."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import NOT_MIGRATED, UNREACHABLE, Pool, PooledConnection
from adapters.postgres.looking.health_statements import (
    ENDED_UNCOUNTED,
    INDEXES,
    MIGRATIONS,
    OTHER_LIMITS,
    POOLED_WORKERS,
    SERVER,
    SNAPSHOTS,
    TABLES,
    TABLES_EXIST,
)
from adapters.postgres.migrate import latest_version
from adapters.postgres.schema import Schema
from application.jobs.looking import (
    ConnectionLimit,
    DatabaseHealth,
    DatabaseTrouble,
    HealthReport,
    HolderKind,
    IndexHealth,
    SnapshotHolder,
    TableHealth,
)
from domain.jobs import Clock


class _OwnTables(NamedTuple):
    """What the tables of the queue tell."""

    version: int
    first_at: datetime | None
    limits: Sequence[ConnectionLimit]
    pooled_workers: int
    ended_uncounted: int


_TROUBLES = {
    NOT_MIGRATED: DatabaseTrouble.NOT_MIGRATED,
    (asyncpg.InsufficientPrivilegeError,): DatabaseTrouble.NOT_ALLOWED,
    (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError): DatabaseTrouble.TOO_SLOW,
    (*UNREACHABLE, asyncpg.InterfaceError): DatabaseTrouble.UNREACHABLE,
}
_NO_TABLES = _OwnTables(0, None, (), 0, 0)


class PostgresHealth(DatabaseHealth):
    """Reads the server's own views through any pool of the database."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Look at the queues in `schema`, which need not exist. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._schema = Schema(schema)
        self._time = DatabaseTime(clock)

    async def report(self) -> HealthReport:
        async with self._pool.acquire() as connection:
            server = await connection.fetchrow(SERVER, self._time.given())
            if server is None:
                msg = "the server told nothing of itself"
                raise RuntimeError(msg)
            seen_at: datetime = server["seen_at"]
            tables = await self._tables(connection)
            return HealthReport(
                server_version=server["server_version"],
                schema_version=tables.version,
                needed_version=latest_version(),
                tables=[_table(row) for row in await connection.fetch(TABLES, self._schema.name)],
                indexes=[_index(row) for row in await connection.fetch(INDEXES, self._schema.name)],
                oldest_snapshots=[_holder(row, seen_at) for row in await connection.fetch(SNAPSHOTS)],
                notification_queue_usage=server["notification_queue_usage"],
                connections=server["connections"],
                connection_limit=server["connection_limit"],
                other_limits=tables.limits,
                pooler=server["pid"] != connection.get_server_pid(),
                pooled_workers=tables.pooled_workers,
                autovacuum=server["autovacuum"],
                migrated_at=tables.first_at,
                seen_at=seen_at,
                ended_uncounted=tables.ended_uncounted,
            )

    def trouble(self, error: Exception) -> DatabaseTrouble | None:
        if isinstance(error, ValueError):  # as where a parameter cannot be encoded, which is a mistake of ours
            return None
        return next((trouble for errors, trouble in _TROUBLES.items() if isinstance(error, errors)), None)

    async def _tables(self, connection: PooledConnection) -> _OwnTables:
        if not await connection.fetchval(TABLES_EXIST, self._schema.name):
            return _NO_TABLES
        row = await connection.fetchrow(self._schema.sql(MIGRATIONS))
        if row is None or not row["version"]:
            return _NO_TABLES
        limits = await connection.fetch(self._schema.sql(OTHER_LIMITS))
        pooled: int = await connection.fetchval(self._schema.sql(POOLED_WORKERS))
        limits_of = [ConnectionLimit(**limit) for limit in limits]
        has_statistics = row["version"] > 1
        ended = (
            await connection.fetchval(self._schema.sql(ENDED_UNCOUNTED), self._time.given()) if has_statistics else 0
        )
        return _OwnTables(row["version"], row["first_at"], limits_of, pooled, ended)


def _table(row: asyncpg.Record) -> TableHealth:
    return TableHealth(
        name=row["name"],
        rows=row["rows"],
        dead_rows=row["dead_rows"],
        table_bytes=row["table_bytes"],
        index_bytes=row["index_bytes"],
        last_vacuum=row["last_vacuum"],
        last_analyze=row["last_analyze"],
        vacuum_due=row["dead_rows"] > row["vacuum_threshold"],
    )


def _index(row: asyncpg.Record) -> IndexHealth:
    return IndexHealth(name=row["name"], table=row["table_name"], bytes=row["bytes"], scans=row["scans"])


def _holder(row: asyncpg.Record, seen_at: datetime) -> SnapshotHolder:
    since = row["since"]
    return SnapshotHolder(
        kind=HolderKind(row["kind"]),
        name=row["name"],
        pid=row["pid"],
        user=row["holder"],
        state=row["state"],
        age=None if since is None else max(seen_at - since, timedelta(0)),
        transactions=row["transactions"],
        query=row["query"],
        query_started_at=row["query_started_at"],
    )
