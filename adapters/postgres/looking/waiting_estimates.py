"""How many jobs wait where they are too many to be counted."""

from collections.abc import Mapping, Sequence

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.planner import live_rows, planned_rows
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter
from domain.jobs import JobState

Place = tuple[str, JobState]
"""A queue, and a state in it."""

_WAITING = (JobState.READY, JobState.SCHEDULED)


async def waiting_estimates(
    connection: PooledConnection, schema: Schema, rows: Sequence[asyncpg.Record]
) -> Mapping[Place, int]:
    """Estimate the places that have more jobs than are counted: by the planner's shares of the rest."""
    many = [(row["name"], state) for row in rows for state in _WAITING if row[state.value] > row["most"]]
    if not many:
        return {}
    jobs = schema.sql("{schema}.jobs")
    planned = {
        (queue, state): await planned_rows(connection, jobs, JobFilter(queue=queue, state=state))
        for queue, state in many
    }
    rest = await live_rows(connection, schema, "jobs") - _counted(rows, planned)
    if rest <= 0:
        return planned
    expected = sum(planned.values())  # at least one row for each
    return {place: rest * number // expected for place, number in planned.items()}


def _counted(rows: Sequence[asyncpg.Record], beside: Mapping[Place, int]) -> int:
    states = (*_WAITING, JobState.RUNNING)
    return sum(row[state.value] for row in rows for state in states if (row["name"], state) not in beside)
