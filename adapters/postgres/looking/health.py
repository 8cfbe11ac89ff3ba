"""The state of the server, as far as it concerns the queues."""

from datetime import datetime, timedelta

import asyncpg

from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.looking.health_statements import INDEXES, SCHEMA_VERSION, SERVER, SNAPSHOTS, TABLES, TABLES_EXIST
from adapters.postgres.migrate import latest_version
from adapters.postgres.schema import Schema
from application.jobs.looking import DatabaseHealth, HealthReport, HolderKind, IndexHealth, SnapshotHolder, TableHealth


class PostgresHealth(DatabaseHealth):
    """Reads the server's own views through any pool of the database."""

    def __init__(self, pool: Pool, *, schema: str = "arrower") -> None:
        """Look at the queues in `schema`, which need not exist."""
        self._pool = pool
        self._schema = Schema(schema)

    async def report(self) -> HealthReport:
        async with self._pool.acquire() as connection:
            server = await connection.fetchrow(SERVER)
            if server is None:
                msg = "the server told nothing of itself"
                raise RuntimeError(msg)
            seen_at: datetime = server["seen_at"]
            return HealthReport(
                server_version=server["server_version"],
                schema_version=await self._schema_version(connection),
                needed_version=latest_version(),
                tables=[_table(row) for row in await connection.fetch(TABLES, self._schema.name)],
                indexes=[_index(row) for row in await connection.fetch(INDEXES, self._schema.name)],
                oldest_snapshots=[_holder(row, seen_at) for row in await connection.fetch(SNAPSHOTS)],
                notification_queue_usage=server["notification_queue_usage"],
                connections=server["connections"],
                connection_limit=server["connection_limit"],
                pooler=server["pid"] != connection.get_server_pid(),
                autovacuum=server["autovacuum"],
                seen_at=seen_at,
            )

    async def _schema_version(self, connection: PooledConnection) -> int:
        if not await connection.fetchval(TABLES_EXIST, self._schema.name):
            return 0
        version: int = await connection.fetchval(self._schema.sql(SCHEMA_VERSION))
        return version


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
