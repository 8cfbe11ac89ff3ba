"""Creating and changing the tables of the queue."""

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

import asyncpg

from adapters.postgres.schema import Schema

_CREATE_SCHEMA = "create schema {schema}"
_SCHEMA_EXISTS = "select exists (select from pg_namespace where nspname = $1)"
_CREATE_MIGRATIONS = """
create table if not exists {schema}.migrations (
    version integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
)"""
_LATEST = "select coalesce(max(version), 0) from {schema}.migrations"
_RECORD = "insert into {schema}.migrations (version, name) values ($1, $2)"
_ONE_AT_A_TIME = "select pg_advisory_xact_lock($1, 0)"


class _Migration(NamedTuple):
    version: int
    name: str
    statements: str


async def migrate(pool: asyncpg.Pool, *, schema: str = "arrower") -> None:
    """Bring the tables of the queue to the version this code needs.

    Creates everything in one schema, needs no superuser and no extension: the right to create a schema
    in the database, or to create tables in the schema where it exists. Idempotent, and safe when many
    processes call it at once: one works, the others wait. All in one transaction: after an error or a
    cancellation the database is as it was before.

    A database that a newer version has migrated is left as it is. Raises `InvalidQueueOption` for an
    impossible schema name, and asyncpg's error where the server refuses.
    """
    target = Schema(schema)
    async with pool.acquire() as connection, connection.transaction(isolation="read_committed"):
        await connection.execute(_ONE_AT_A_TIME, target.key)
        if not await connection.fetchval(_SCHEMA_EXISTS, target.name):
            await connection.execute(target.sql(_CREATE_SCHEMA))
        await connection.execute(target.sql(_CREATE_MIGRATIONS))
        latest = await connection.fetchval(target.sql(_LATEST))
        for migration in _migrations():
            if migration.version > latest:
                await connection.execute(target.sql(migration.statements))
                await connection.execute(target.sql(_RECORD), migration.version, migration.name)


def _migrations() -> Iterator[_Migration]:
    folder = files("adapters.postgres") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            yield _Migration(int(number), name, file.read_text(encoding="utf-8"))
