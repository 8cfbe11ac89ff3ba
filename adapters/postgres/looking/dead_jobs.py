"""Dead jobs, grouped by what they died of."""

import asyncpg

from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.looking.planner import planned_rows
from adapters.postgres.schema import Schema
from application.jobs.looking import MOST_GROUPS, Count, DeadGroup, DeadJobs, JobFilter
from domain.jobs import JobId, JobState

_MOST_COUNTED = 100_000
"""Of all groups together, unless they are so many that hardly any would be counted of each."""
_MOST_COUNTED_AT_LEAST = 100
_MOST_READ_OF_QUEUE = 20_000

# Jumps from one group to the next in the index, however many jobs are in each.
_GROUPS = f"""
with recursive groups as (
    (select type, coalesce(error_kind, '') as error from {{schema}}.finished_jobs where state = 'dead'
     order by type, coalesce(error_kind, '') limit 1)
    union all
    select next.* from groups cross join lateral (
        select type, coalesce(error_kind, '') from {{schema}}.finished_jobs
        where state = 'dead' and (type, coalesce(error_kind, '')) > (groups.type, groups.error)
        order by type, coalesce(error_kind, '') limit 1
    ) as next
), share as (
    select greatest({_MOST_COUNTED} / greatest(count(*), 1), {_MOST_COUNTED_AT_LEAST}) as most from groups
)
select type, error, newest.id as example, newest.finished_at as last_seen, oldest.finished_at as first_seen,
       (select count(*) from (
            select 1 from {{schema}}.finished_jobs as job
            where state = 'dead' and job.type = groups.type and coalesce(error_kind, '') = error
            order by finished_at limit most + 1) as counted) as number, most
from (select * from groups limit {MOST_GROUPS}) as groups
cross join share
cross join lateral (
    select id, finished_at from {{schema}}.finished_jobs as job
    where state = 'dead' and job.type = groups.type and coalesce(error_kind, '') = error
    order by finished_at desc limit 1
) as newest
cross join lateral (
    select finished_at from {{schema}}.finished_jobs as job
    where state = 'dead' and job.type = groups.type and coalesce(error_kind, '') = error
    order by finished_at limit 1
) as oldest
order by last_seen desc"""

_GROUPS_OF_QUEUE = f"""
with newest as (
    select id, type, coalesce(error_kind, '') as error, finished_at from {{schema}}.finished_jobs
    where state = 'dead' and queue = $1 order by finished_at desc limit {_MOST_READ_OF_QUEUE + 1}
)
select type, error, (array_agg(id order by finished_at desc, id desc))[1] as example, max(finished_at) as last_seen,
       min(finished_at) as first_seen, count(*) as number, (select count(*) from newest) as read
from newest group by type, error order by last_seen desc limit {MOST_GROUPS}"""


class PostgresDeadJobs(DeadJobs):
    """Reads through any pool of the database, a read-only one included."""

    def __init__(self, pool: Pool, *, schema: str = "arrower") -> None:
        """Look at the queues in `schema`."""
        self._pool = pool
        self._schema = Schema(schema)

    async def groups(self, queue: str | None = None) -> list[DeadGroup]:
        """Return the groups as `DeadJobs.groups` promises; of one queue, those among its newest 20,000 dead jobs."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            if queue is not None:
                rows = await connection.fetch(self._schema.sql(_GROUPS_OF_QUEUE), queue)
                return [_group(row, Count(row["number"], exact=row["read"] <= _MOST_READ_OF_QUEUE)) for row in rows]
            rows = await connection.fetch(self._schema.sql(_GROUPS))
            return [_group(row, await self._count(connection, row)) for row in rows]

    async def _count(self, connection: PooledConnection, row: asyncpg.Record) -> Count:
        number = row["number"]
        if number <= row["most"]:
            return Count(number)
        wanted = JobFilter(state=JobState.DEAD, type=row["type"], error=row["error"])
        planned = await planned_rows(connection, self._schema.sql("{schema}.finished_jobs"), wanted)
        return Count(max(number, planned), exact=False)


def _group(row: asyncpg.Record, count: Count) -> DeadGroup:
    return DeadGroup(
        type=row["type"],
        error=row["error"],
        count=count,
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        example=JobId(row["example"]),
    )
