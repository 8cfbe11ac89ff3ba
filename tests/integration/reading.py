"""What statements read: each is caught as it is run, and explained afterwards."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg

from adapters.postgres.driver import Pool, PooledConnection


class Statement(NamedTuple):
    """A statement, and its parameters."""

    text: str
    values: tuple[object, ...]


Scan = dict[str, Any]
"""A node of a plan that reads a table or an index."""


@asynccontextmanager
async def watched_pool(dsn: str, statements: list[Statement]) -> AsyncGenerator[Pool]:
    """Yield connections that tell what they run."""

    def keep(query: Any) -> None:
        statements.append(Statement(query.query, tuple(query.args or ())))

    async def listen(connection: PooledConnection) -> None:
        connection.add_query_logger(keep)

    async with asyncpg.create_pool(dsn, min_size=0, max_size=2, setup=listen) as pool:
        yield pool


async def scans(dsn: str, statements: list[Statement]) -> list[tuple[Statement, Scan]]:
    """Run what was caught once more, each with the settings that it had, take it back, and return what it read."""
    settings = [statement.text for statement in statements if statement.text.startswith("set local")]
    reading = [statement for statement in statements if statement.text.split()[0] in {"select", "with"}]
    assert reading
    async with asyncpg.create_pool(dsn, min_size=0, max_size=1) as pool, pool.acquire() as connection:
        return [
            (statement, scan) for statement in reading for scan in _scans(await _plan(connection, statement, settings))
        ]


async def _plan(connection: PooledConnection, statement: Statement, settings: list[str]) -> Scan:
    transaction = connection.transaction()
    await transaction.start()
    try:
        for setting in settings:
            await connection.execute(setting)
        explain = f"explain (analyze, timing off, format json) {statement.text}"
        plan = await connection.fetchval(explain, *statement.values)
    finally:
        await transaction.rollback()
    root: Scan = json.loads(plan)[0]["Plan"]
    return root


def _scans(plan: Scan) -> Iterator[Scan]:
    if "Scan" in plan["Node Type"]:
        yield plan
    for child in plan.get("Plans", []):
        yield from _scans(child)


def rows_read(scan: Scan) -> float:
    """Return how many rows were looked at, those that did not fit included."""
    removed = scan.get("Rows Removed by Filter", 0) + scan.get("Rows Removed by Index Recheck", 0)
    rows: float = (scan["Actual Rows"] + removed) * scan["Actual Loops"]
    return rows
