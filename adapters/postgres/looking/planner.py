"""What the server expects of its tables, without looking into them."""

import json
from typing import Any

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter

_ROWS = """
select reltuples::bigint from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = $1 and relname = $2"""

# It follows inserts and deletes within seconds, where the planner waits for the next analyze. After a crash it begins
# at nothing, and then it has forgotten the vacuum that the planner still knows of: null.
_LIVE_ROWS = """
select n_live_tup from pg_stat_all_tables as seen join pg_class as class on class.oid = relid
where schemaname = $1 and seen.relname = $2
  and (reltuples <= 0 or coalesce(last_vacuum, last_autovacuum, last_analyze, last_autoanalyze) is not null)"""


async def planned_rows(connection: PooledConnection, table: str, wanted: JobFilter) -> int:
    """Return how many rows the planner expects to match."""
    parameters = Parameters()
    statement = f"explain (format json) select 1 from {table} where {condition(wanted, parameters)}"
    plan: Any = await connection.fetchval(statement, *parameters.values)
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])


async def analyzed_rows(connection: PooledConnection, schema: Schema, table: str) -> int | None:
    """Return how many rows the table had when it was last analyzed; None where it never was, and nothing is known."""
    rows: int = await connection.fetchval(_ROWS, schema.name, table)
    return None if rows < 0 else rows


async def live_rows(connection: PooledConnection, schema: Schema, table: str) -> int:
    """Return how many rows the server has heard of; 0 where it cannot tell."""
    rows: int | None = await connection.fetchval(_LIVE_ROWS, schema.name, table)
    return rows or 0
