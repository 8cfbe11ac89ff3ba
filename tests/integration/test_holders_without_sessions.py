"""Snapshots that no session holds: prepared transactions and replication slots, which a server has to be set up for."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import migrate
from adapters.postgres.driver import Pool
from adapters.postgres.looking.health import PostgresHealth
from adapters.postgres.schema import Schema
from adapters.postgres.surveys import Surveys
from application.jobs.looking import HolderKind
from infrastructure.embedded_postgres import embedded_postgres

_SETTINGS = {"fsync": "off", "wal_level": "logical", "max_prepared_transactions": "2"}
_PREPARE = "begin; create table {} (); prepare transaction '{}'"


@pytest.fixture
async def pools() -> AsyncIterator[tuple[Pool, Pool]]:
    """Yield connections to two databases of a server of its own; the first is migrated."""
    with embedded_postgres(_SETTINGS) as dsn:
        beside = urlunsplit(urlsplit(dsn)._replace(path="/beside"))
        async with asyncpg.create_pool(dsn, min_size=0) as pool, asyncpg.create_pool(beside, min_size=0) as other:
            await migrate(pool)
            await pool.execute("create database beside")
            yield pool, other


async def test_they_are_told_where_they_keep_something_here(pools: tuple[Pool, Pool]) -> None:
    """A prepared transaction of another database does not."""
    pool, beside = pools
    await pool.execute("select pg_create_logical_replication_slot('left_behind', 'test_decoding')")
    await beside.execute(_PREPARE.format("receipts", "of another database"))
    surveyed_before = await Surveys(pool, Schema(), None).survey()
    await pool.execute(_PREPARE.format("receipts", "forgotten"))

    report = await PostgresHealth(pool).report()

    assert surveyed_before.oldest_snapshot is None
    assert (await Surveys(pool, Schema(), None).survey()).oldest_snapshot is not None
    assert sorted((one.kind, one.name, one.state) for one in report.oldest_snapshots) == [
        (HolderKind.PREPARED_TRANSACTION, "forgotten", None),
        (HolderKind.REPLICATION_SLOT, "left_behind", "inactive"),
    ]
