"""How many jobs each queue holds in each state."""

from collections.abc import Mapping

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.distinct_queues import MOST_QUEUES, distinct_queues
from adapters.postgres.looking.history_counts import HistoryCounts, history_counts
from adapters.postgres.looking.planner import planned_rows
from adapters.postgres.looking.waiting_estimates import Place, waiting_estimates
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter
from domain.jobs import JobState

_MOST_COUNTED = 100_000
"""Of a state in all queues together, unless they are so many that hardly any would be counted of each."""
_MOST_COUNTED_AT_LEAST = 1_000


def _number_of(table: str, condition: str, order: str) -> str:
    # The bound is a literal: the planner has to know that little is wanted. And without the order of the index it may
    # read the table itself, as if what is looked for was mixed evenly into it.
    counted = f"select 1 from {{schema}}.{table} where {condition} and queue = name order by {order} limit {{most}} + 1"
    return f"(select count(*) from ({counted}) as counted)"


_QUEUES = " union ".join(
    (
        distinct_queues("jobs", "state = 'ready'"),
        distinct_queues("jobs", "state = 'scheduled'"),
        distinct_queues("finished_jobs", "state = 'dead'"),
        distinct_queues("statistics", "true"),
        "select queue from {schema}.pauses",
        "select queue from {schema}.workers where left_at is null and died_at is null",
        "select queue from {schema}.jobs where state = 'running' and worker is not null",
    ),
)
_NAMES = f"select queue from ({_QUEUES}) as queues order by queue limit {MOST_QUEUES}"

# The job that waits longest is the first of its priority: there are few priorities, and many jobs.
_OLDEST_READY = """
(with recursive line as (
    (select priority, run_at from {schema}.jobs where state = 'ready' and queue = name
     order by priority, run_at limit 1)
    union all
    select next.* from line cross join lateral (
        select priority, run_at from {schema}.jobs
        where state = 'ready' and queue = name and priority > line.priority order by priority, run_at limit 1
    ) as next
) select greatest(min(run_at), '0001-01-01 00:00+00') from line having count(*) > 0)"""

_NUMBERS = f"""
with running as (
    select queue, worker, count(*) as owned from {{schema}}.jobs
    where state = 'running' and worker is not null group by queue, worker
), alive as (
    select worker.queue, count(*) as workers, sum(size) as places, sum(least(size, coalesce(owned, 0))) as busy
    from {{schema}}.workers as worker left join running on running.worker = worker.id
    where left_at is null and died_at is null group by worker.queue
)
select name, {{most}} as most, (select paused_at from {{schema}}.pauses where queue = name) as paused_at,
       coalesce(workers, 0) as workers, coalesce(places, 0)::bigint as places, coalesce(busy, 0)::bigint as busy,
       {_number_of("jobs", "state = 'ready'", "priority, run_at")} as ready,
       {_number_of("jobs", "state = 'scheduled'", "run_at")} as scheduled,
       coalesce((select sum(owned) from running where running.queue = name), 0)::bigint as running,
       {_number_of("finished_jobs", "state = 'dead'", "finished_at")} as dead,
       {_OLDEST_READY} as oldest_ready_at
from unnest($1::text[]) as name left join alive on alive.queue = name
order by name"""


class QueueCounts:
    """Counts exactly up to some thousands, and estimates beyond."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._history: dict[JobState, HistoryCounts] = {}
        self._waiting: Mapping[Place, int] = {}

    async def rows(self, connection: PooledConnection) -> list[asyncpg.Record]:
        """Return the queues, with their numbers up to a bound."""
        names = [row["queue"] for row in await connection.fetch(self._schema.sql(_NAMES))]
        most = max(_MOST_COUNTED // max(len(names), 1), _MOST_COUNTED_AT_LEAST)
        rows = await connection.fetch(self._schema.sql(_NUMBERS.replace("{most}", str(most))), names)
        beside = sum(row["dead"] for row in rows)
        for state in (JobState.CANCELLED, JobState.COMPLETED):
            counted = await history_counts(connection, self._schema, state, beside=beside)
            beside += sum(counted.by_queue.values())
            self._history[state] = counted
        self._waiting = await waiting_estimates(connection, self._schema, rows)
        return rows

    async def states(self, connection: PooledConnection, row: asyncpg.Record) -> dict[JobState, Count]:
        """Return the numbers of one queue."""
        return {state: await self._count(connection, row, state) for state in JobState}

    async def _count(self, connection: PooledConnection, row: asyncpg.Record, state: JobState) -> Count:
        if state in self._history:
            return await self._history[state].of(connection, self._schema, row["name"])
        number = row[state.value]
        if state is JobState.RUNNING or number <= row["most"]:
            return Count(number)
        estimate = self._waiting.get((row["name"], state))
        if estimate is None:
            table, wanted = self._schema.sql("{schema}.finished_jobs"), JobFilter(queue=row["name"], state=state)
            estimate = await planned_rows(connection, table, wanted)
        return Count(max(number, estimate), exact=False)
