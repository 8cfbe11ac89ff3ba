"""Creating and changing the tables of the queue."""

import asyncio
import logging
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import asyncpg

from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.schema import Schema

_AS_LONG_AS_IT_TAKES = 86_400.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0

_VERSION = "select coalesce(max(version), 0) from {schema}.migrations"

# The limits of the database are for everyday statements; waiting for another process is not limited.
_WITHOUT_LIMITS = "set local lock_timeout = 0; set local statement_timeout = 0"
_ONE_AT_A_TIME = "select pg_advisory_xact_lock($1, 0)"

# Whoever waits for the lock of a whole table makes everybody wait who comes after. So it gives way soon: one long
# transaction of a job func must not stop all workers until it ends.
_WITHOUT_STANDING_IN_THE_WAY = "set local lock_timeout = '1s'"

_CREATE_SCHEMA = "create schema {schema}"
_SCHEMA_EXISTS = "select exists (select from pg_namespace where nspname = $1)"
_CREATE_MIGRATIONS = """
create table if not exists {schema}.migrations (
    version integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
)"""
_RECORD = "insert into {schema}.migrations (version, name) values ($1, $2)"

logger = logging.getLogger("arrower.postgres")


class Migration(NamedTuple):
    """One step from a version of the tables to the next."""

    version: int
    name: str
    statements: str


async def migrate(pool: asyncpg.Pool, *, schema: str = "arrower") -> None:
    """Bring the tables of the queue to the version this code needs.

    Creates everything in one schema, needs no superuser and no extension: the right to create a schema
    in the database, or to create tables in the schema where it exists; where nothing is to be done, the right
    to read. Idempotent, and safe when many processes call it at once: one works, the others wait. Each version is
    one transaction: after an error or a cancellation the database is as it was before it.

    Workers of the version before go on working meanwhile. A change that does not get its lock within a
    second, because of a long transaction on the same table, gives way and is tried again, with growing
    pauses, for as long as it takes; the log tells. Cancel the call, say with `asyncio.timeout`, to end that.

    A database that a newer version has migrated is left as it is. Raises `InvalidQueueOption` for an
    impossible schema name, and asyncpg's error where the server refuses.
    """
    await apply(pool, Schema(schema), migrations())


def latest_version() -> int:
    """Return the version this code needs."""
    return max(migration.version for migration in migrations())


@cache
def migrations() -> Sequence[Migration]:
    """Return all steps, in their order."""
    folder = files("adapters.postgres") / "migrations"
    steps: list[Migration] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            steps.append(Migration(int(number), name, file.read_text(encoding="utf-8")))
    return steps


async def apply(pool: Pool, schema: Schema, steps: Sequence[Migration]) -> None:
    """Take those steps that the database has not taken yet."""
    async with pool.acquire() as connection:
        latest = await _version(connection, schema)
    for step in steps:
        if step.version > latest:
            await _insist(pool, schema, step)


async def _version(connection: PooledConnection, schema: Schema) -> int:
    try:
        version: int = await connection.fetchval(schema.sql(_VERSION))
    except asyncpg.UndefinedTableError:
        return 0
    return version


async def _insist(pool: Pool, schema: Schema, step: Migration) -> None:
    pause = _FIRST_PAUSE
    while True:
        try:
            async with pool.acquire() as connection:
                await _take(connection, schema, step)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            logger.warning(
                "migration %d (%s) gives way to a long transaction, next try in %.1f s: %s",
                step.version,
                step.name,
                pause,
                error,
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


async def _take(connection: PooledConnection, schema: Schema, step: Migration) -> None:
    async with connection.transaction(isolation="read_committed"):
        await connection.execute(_WITHOUT_LIMITS)
        await connection.execute(_ONE_AT_A_TIME, schema.key, timeout=_AS_LONG_AS_IT_TAKES)
        if not await connection.fetchval(_SCHEMA_EXISTS, schema.name):
            await connection.execute(schema.sql(_CREATE_SCHEMA))
        await connection.execute(schema.sql(_CREATE_MIGRATIONS))
        if step.version <= await _version(connection, schema):
            return  # another process was quicker
        await connection.execute(_WITHOUT_STANDING_IN_THE_WAY)
        await connection.execute(schema.sql(step.statements), timeout=_AS_LONG_AS_IT_TAKES)
        await connection.execute(schema.sql(_RECORD), step.version, step.name)
