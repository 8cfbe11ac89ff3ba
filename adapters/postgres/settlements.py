"""How attempts end that did not commit a transaction of their own. Every statement is fenced."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.patience import on_pool
from adapters.postgres.schema import Schema
from application.jobs.job_store import ClaimedJob, EndedAttempt, ErrorReport

# Each job is looked up by itself: a lateral query that locks is never turned into a join. A join would be
# planned for the number of running jobs that statistics know of, which is none when they were gathered before
# the claim, and then compares every job with every other. The arrays come as text, which the driver writes
# several times faster.
COMPLETE = """
with ended as materialized (
    select job.*, to_timestamp(done.began / 1e6::float8) as began, to_timestamp(done.ended / 1e6::float8) as ended
    from unnest($1::text::bigint[], $2::text::integer[], $3::text::bigint[], $4::text::bigint[])
        as done (id, fence, began, ended)
    cross join lateral (
        select * from {schema}.jobs where id = done.id and fence = done.fence and state = 'running' for update
    ) as job
), gone as (
    delete from {schema}.jobs where id = any (array(select id from ended))
)
insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
select {moved}, 'completed', rescues, began, ended.ended
from ended"""

# Asked only when a batch completed fewer than it should: those that an earlier try, whose answer never
# arrived, has completed are not lost.
COMPLETED = """
select finished.id, finished.fence
from unnest($1::bigint[], $2::integer[]) as done (id, fence)
join {schema}.finished_jobs as finished on finished.id = done.id and finished.fence = done.fence
where finished.state = 'completed'"""

RETRY = """
with failed as (
    update {schema}.jobs
    set state = case when $3::interval > interval '0' then 'scheduled' else 'ready' end,
        run_at = coalesce($8, statement_timestamp()) + $3::interval
    where id = $1 and fence = $2 and state = 'running'
    returning id, attempt, worker
)
insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, attempt, worker, $4, $5, 'failed', $6, $7 from failed"""

BURY = """
with ended as (
    delete from {schema}.jobs where id = $1 and fence = $2 and state = 'running' returning *
), kept as (
    insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at, error_kind)
    select {moved}, 'dead', rescues, $3, $4, $7
    from ended
)
insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, attempt, worker, $3, $4, 'failed', $5, $6 from ended"""

SNOOZE = """
update {schema}.jobs
set state = case when $3::interval > interval '0' then 'scheduled' else 'ready' end,
    run_at = coalesce($4, statement_timestamp()) + $3::interval, attempt = attempt - 1
where id = $1 and fence = $2 and state = 'running'"""


class Settlements:
    """Writes the ends of attempts."""

    def __init__(self, pool: Pool, schema: Schema, time: DatabaseTime) -> None:
        self._pool = pool
        self._time = time
        self._complete = schema.sql(COMPLETE)
        self._completed = schema.sql(COMPLETED)
        self._retry = schema.sql(RETRY)
        self._bury = schema.sql(BURY)
        self._snooze = schema.sql(SNOOZE)

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Complete as `Settlements.complete` promises, all in one statement."""
        status = await self._execute(self._complete, *columns_of(ended))
        if rows_of(status) == len(ended):
            return []
        ids, fences = [attempt.job.id for attempt in ended], [attempt.job.fence for attempt in ended]
        completed = {(row[0], row[1]) for row in await self._fetch(self._completed, ids, fences)}
        return [attempt.job for attempt in ended if (attempt.job.id, attempt.job.fence) not in completed]

    async def retry(self, ended: EndedAttempt, error: ErrorReport, delay: timedelta) -> bool:
        """Schedule another attempt as `Settlements.retry` promises."""
        job = ended.job
        status = await self._execute(
            self._retry,
            job.id,
            job.fence,
            delay,
            *ended.times,
            error.message,
            error.traceback,
            self._time.given(),
        )
        return rows_of(status) == 1

    async def bury(self, ended: EndedAttempt, error: ErrorReport) -> bool:
        """End the job as `Settlements.bury` promises."""
        job = ended.job
        status = await self._execute(
            self._bury,
            job.id,
            job.fence,
            *ended.times,
            error.message,
            error.traceback,
            error.kind,
        )
        return rows_of(status) == 1

    async def snooze(self, job: ClaimedJob, delay: timedelta) -> bool:
        """Put the job off as `Settlements.snooze` promises."""
        status = await self._execute(self._snooze, job.id, job.fence, delay, self._time.given())
        return rows_of(status) == 1

    async def _execute(self, statement: str, *arguments: object) -> str:
        return await on_pool(self._pool, lambda connection: connection.execute(statement, *arguments))

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await on_pool(self._pool, lambda connection: connection.fetch(statement, *arguments))


def columns_of(ended: Sequence[EndedAttempt]) -> tuple[str, str, str, str]:
    """Return the parameters of `COMPLETE`."""
    return (
        _array_of([attempt.job.id for attempt in ended]),
        _array_of([attempt.job.fence for attempt in ended]),
        _array_of([attempt.started_at for attempt in ended]),
        _array_of([attempt.finished_at for attempt in ended]),
    )


def _array_of(numbers: Sequence[int]) -> str:
    return "{" + str(numbers)[1:-1] + "}"


def rows_of(status: str) -> int:
    """Return how many rows a statement wrote, from what the server says of it."""
    return int(status.rpartition(" ")[2])
