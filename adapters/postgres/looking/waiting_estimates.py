"""How many jobs wait where they are too many to be counted."""

from collections.abc import Mapping, Sequence

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.estimates import planned_rows
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter
from domain.jobs import JobState

Place = tuple[str, JobState]
"""A queue, and a state in it."""

_WAITING = (JobState.READY, JobState.SCHEDULED)

# It follows inserts and deletes within seconds, where the planner waits for the next analyze. After a crash it begins
# at nothing, and then it has forgotten the vacuum that the planner still knows of: null.
_LIVE = """
select n_live_tup from pg_stat_all_tables as seen join pg_class as class on class.oid = relid
where schemaname = $1 and seen.relname = 'jobs'
  and (reltuples <= 0 or coalesce(last_vacuum, last_autovacuum, last_analyze, last_autoanalyze) is not null)"""


async def waiting_estimates(
    connection: PooledConnection, schema: Schema, rows: Sequence[asyncpg.Record], most_counted: int
) -> Mapping[Place, int]:
    """Estimate the places of which more than `most_counted` jobs were counted: by the planner's shares of the rest."""
    many = [(row["name"], state) for row in rows for state in _WAITING if row[state.value] > most_counted]
    if not many:
        return {}
    jobs = schema.sql("{schema}.jobs")
    planned = {
        (queue, state): await planned_rows(connection, jobs, JobFilter(queue=queue, state=state))
        for queue, state in many
    }
    live: int | None = await connection.fetchval(_LIVE, schema.name)
    rest = (live or 0) - _counted(rows, planned)
    if rest <= 0:
        return planned
    expected = sum(planned.values())  # at least one row for each
    return {place: rest * number // expected for place, number in planned.items()}


def _counted(rows: Sequence[asyncpg.Record], beside: Mapping[Place, int]) -> int:
    states = (*_WAITING, JobState.RUNNING)
    return sum(row[state.value] for row in rows for state in states if (row["name"], state) not in beside)
