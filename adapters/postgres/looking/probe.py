"""Touching the database."""

import asyncpg

from adapters.postgres.driver import Pool, connect_beside
from adapters.postgres.migrate import latest_version
from adapters.postgres.schema import Schema
from application.jobs.worker_health import DatabaseProbe, SchemaVersions

_APPLIED = "select coalesce(max(version), 0) from {schema}.migrations"


class PostgresProbe(DatabaseProbe):
    """Connects each time, beside the pool, whose connections may all be taken by jobs."""

    def __init__(self, pool: Pool, *, schema: str = "arrower") -> None:
        """Touch the database of `pool`, and look at the version of `schema` there."""
        self._pool = pool
        self._applied = Schema(schema).sql(_APPLIED)

    async def schema_versions(self) -> SchemaVersions:
        connection = await connect_beside(self._pool)
        try:
            applied: int = await connection.fetchval(self._applied)
        except asyncpg.UndefinedTableError:
            applied = 0
        finally:
            connection.terminate()  # at once: closing in order waits for a server that may hang
        return SchemaVersions(applied, latest_version())
