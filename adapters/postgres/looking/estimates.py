"""Counting up to a bound, and estimating beyond it."""

import json
from dataclasses import replace
from typing import Any

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition, indexed_order, indexed_part
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter
from application.jobs.looking.job_filter import FINISHED

MOST_READ = 100_000
"""Rows that are looked at for one number."""


async def count_matching(connection: PooledConnection, schema: Schema, wanted: JobFilter) -> Count:
    """Count the jobs that match: exactly where few rows must be read for it, else by the planner's statistics."""
    number, exact = 0, True
    for table in _tables_of(wanted):
        counted = await _count_in(connection, schema.sql(f"{{schema}}.{table}"), wanted)
        number, exact = number + counted, exact and counted.exact
    return Count(number, exact=exact)


def _tables_of(wanted: JobFilter) -> tuple[str, ...]:
    if wanted.state is None:
        return ("jobs", "finished_jobs")
    return ("finished_jobs",) if wanted.state in FINISHED else ("jobs",)


async def _count_in(connection: PooledConnection, table: str, wanted: JobFilter) -> Count:
    parameters = Parameters()
    fits, found = condition(wanted, parameters), condition(indexed_part(wanted), parameters)
    row = await connection.fetchrow(
        f"""
        select count(*) as read, count(*) filter (where fits) as fitting from (
            select {fits} as fits from {table} where {found} {indexed_order(wanted.state)} limit {MOST_READ + 1}
        ) as bounded""",
        *parameters.values,
    )
    read, fitting = (0, 0) if row is None else (row["read"], row["fitting"])
    if read <= MOST_READ:
        return Count(fitting)
    if wanted.text is None:
        estimate = await planned_rows(connection, table, wanted)
    else:  # nobody knows how often a text occurs: take those that were read for a sample
        estimate = await planned_rows(connection, table, replace(wanted, text=None)) * fitting // read
    return Count(max(fitting, estimate), exact=False)


async def planned_rows(connection: PooledConnection, table: str, wanted: JobFilter) -> int:
    """Return how many rows the planner expects to match."""
    parameters = Parameters()
    statement = f"explain (format json) select 1 from {table} where {condition(wanted, parameters)}"
    plan: Any = await connection.fetchval(statement, *parameters.values)
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])
