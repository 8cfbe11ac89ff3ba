"""How many jobs each queue holds in each state."""

from collections.abc import Mapping

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.estimates import planned_rows
from adapters.postgres.looking.waiting_estimates import Place, waiting_estimates
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter
from domain.jobs import JobState

_MOST_QUEUES = 1_000
_MOST_COUNTED = 20_000
_MOST_FINISHED = 100_000


def _distinct_queues(table: str, condition: str) -> str:
    """Jump from one queue to the next in an index that begins with the queue, whatever lies between."""
    first = f"select queue from {{schema}}.{table} where {condition}"
    return f"""
    select queue from (
        with recursive found as (
            ({first} order by queue limit 1)
            union all
            select (select queue from {{schema}}.{table} where {condition} and queue > found.queue
                    order by queue limit 1)
            from found where queue is not null
        ) select queue from found where queue is not null limit {_MOST_QUEUES}) as each_once"""


def _number_of(table: str, condition: str) -> str:
    counted = f"select 1 from {{schema}}.{table} where {condition} and queue = name limit {_MOST_COUNTED + 1}"
    return f"(select count(*) from ({counted}) as counted)"


_NAMES = " union ".join(
    (
        _distinct_queues("jobs", "state = 'ready'"),
        _distinct_queues("jobs", "state = 'scheduled'"),
        _distinct_queues("finished_jobs", "state = 'dead'"),
        _distinct_queues("statistics", "true"),
        "select queue from {schema}.pauses",
        "select queue from {schema}.workers where left_at is null and died_at is null",
        "select queue from {schema}.jobs where state = 'running' and worker is not null",
    ),
)

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

_QUEUES = f"""
with names as ({_NAMES}), running as (
    select queue, worker, count(*) as owned from {{schema}}.jobs
    where state = 'running' and worker is not null group by queue, worker
), alive as (
    select worker.queue, count(*) as workers, sum(size) as places, sum(least(size, coalesce(owned, 0))) as busy
    from {{schema}}.workers as worker left join running on running.worker = worker.id
    where left_at is null and died_at is null group by worker.queue
)
select name, (select paused_at from {{schema}}.pauses where queue = name) as paused_at,
       coalesce(workers, 0) as workers, coalesce(places, 0)::bigint as places, coalesce(busy, 0)::bigint as busy,
       {_number_of("jobs", "state = 'ready'")} as ready,
       {_number_of("jobs", "state = 'scheduled'")} as scheduled,
       coalesce((select sum(owned) from running where running.queue = name), 0)::bigint as running,
       {_number_of("finished_jobs", "state = 'dead'")} as dead,
       {_OLDEST_READY} as oldest_ready_at
from (select queue as name from names) as queues left join alive on alive.queue = name
order by name
limit {_MOST_QUEUES}"""

# Completed jobs have no index by queue, which would cost every job: a short history is read, a long one estimated.
_SIZE = """
select greatest(reltuples, 0)::bigint from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = $1 and relname = 'finished_jobs'"""


def _history(state: str) -> str:
    return f"""
    select queue, count(*) as number
    from (select queue from {{schema}}.finished_jobs where state = '{state}' limit {_MOST_FINISHED + 1}) as bounded
    group by queue"""


class QueueCounts:
    """Counts exactly up to some thousands, and estimates beyond."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._finished: dict[JobState, Mapping[str, int] | None] = {}
        self._waiting: Mapping[Place, int] = {}

    async def rows(self, connection: PooledConnection) -> list[asyncpg.Record]:
        """Return the queues, with their numbers up to a bound."""
        for state in (JobState.COMPLETED, JobState.CANCELLED):
            self._finished[state] = await self._history(connection, state)
        rows = await connection.fetch(self._schema.sql(_QUEUES))
        self._waiting = await waiting_estimates(connection, self._schema, rows, _MOST_COUNTED)
        return rows

    async def states(self, connection: PooledConnection, row: asyncpg.Record) -> dict[JobState, Count]:
        """Return the numbers of one queue."""
        return {state: await self._count(connection, row, state) for state in JobState}

    async def _history(self, connection: PooledConnection, state: JobState) -> Mapping[str, int] | None:
        if state is JobState.COMPLETED:
            size: int = await connection.fetchval(_SIZE, self._schema.name)
            if size > 3 * _MOST_FINISHED:
                return None
        rows = await connection.fetch(self._schema.sql(_history(state.value)))
        numbers = {row["queue"]: row["number"] for row in rows}
        return numbers if sum(numbers.values()) <= _MOST_FINISHED else None

    async def _count(self, connection: PooledConnection, row: asyncpg.Record, state: JobState) -> Count:
        if state in self._finished:
            numbers = self._finished[state]
            if numbers is not None:
                return Count(numbers.get(row["name"], 0))
            return Count(await self._planned(connection, row["name"], state), exact=False)
        number = row[state.value]
        if number <= _MOST_COUNTED:
            return Count(number)
        estimate = self._waiting.get((row["name"], state))
        if estimate is None:
            estimate = await self._planned(connection, row["name"], state)
        return Count(max(number, estimate), exact=False)

    async def _planned(self, connection: PooledConnection, queue: str, state: JobState) -> int:
        table = self._schema.sql("{schema}.finished_jobs")
        return await planned_rows(connection, table, JobFilter(queue=queue, state=state))
