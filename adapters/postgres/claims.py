"""How jobs get out."""

import time
from collections.abc import Sequence
from datetime import timedelta

from adapters.postgres.control import ControlConnection
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Connection, Pool
from adapters.postgres.patience import on_pool
from adapters.postgres.resumption import START, Resumption
from adapters.postgres.schema import Schema
from application.jobs.job_store import ClaimedJob, Promotion, WorkerId

# The worker's row is locked against being declared dead meanwhile: after that, no claim of its commits.
# The ids come as an array because the planner then always looks them up one by one; a join could become
# a scan of the whole table where its statistics are old. Instants that Python does not have (SQL can write
# them) are brought into its range, and so are counters: one odd row must not make a claim fail.
CLAIM = """
with me as materialized (
    select id from {schema}.workers
    where id = $4 and died_at is null and left_at is null
      and not exists (select from {schema}.pauses where queue = $1)
    for share
)
update {schema}.jobs as job
set state = 'running', attempt = least(attempt + 1, 32767), fence = fence % 2147483647 + 1, worker = $4,
    claimed_at = coalesce($5, statement_timestamp()), started_at = null
where id = any (array(
    select id from {schema}.jobs
    where (select id from me) is not null and queue = $1 and state = 'ready' and type = any ($3::text[])
      and run_at <= coalesce($5, statement_timestamp())
      and (priority, run_at, id) >= ($6::smallint, $7::timestamptz, $8::bigint)
    order by priority, run_at, id
    limit $2 for update skip locked))
returning priority, (date_part('epoch', greatest(run_at, '0001-01-02 00:00+00')) * 1e6)::bigint,
          id, type, payload::text, attempt, fence, rescues,
          (date_part('epoch', least(greatest(enqueued_at, '0001-01-02 00:00+00'), '9999-12-30 00:00+00')) * 1e6
          )::bigint, carrier::text"""

_MOST_PROMOTED = 1_000
_LAST_PRIORITY = 32_767

# Notifies once, because one process may promote more than it can run itself.
PROMOTE = """
with due as (
    update {schema}.jobs set state = 'ready'
    where id = any (array(
        select id from {schema}.jobs
        where queue = $1 and state = 'scheduled' and run_at <= coalesce($3, statement_timestamp())
        order by run_at
        limit $2 for update skip locked))
    returning id
), promoted as (
    select count(*) as number from due
)
select number,
       (select least(run_at, coalesce($3, statement_timestamp()) + interval '1 day') from {schema}.jobs
        where queue = $1 and state = 'scheduled' and run_at > coalesce($3, statement_timestamp())
        order by run_at limit 1)
           - coalesce($3, statement_timestamp()) as next,
       case when number > 0 then pg_notify({channel}, 'r:-32768:' || $1) end
from promoted"""

MARK_STARTED = """
update {schema}.jobs set started_at = coalesce($3, statement_timestamp())
where id = $1 and fence = $2 and state = 'running'
returning id"""

RELEASE = """
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select job.id
        from unnest($1::bigint[], $2::integer[]) as held (id, fence)
        cross join lateral (
            select id from {schema}.jobs where id = held.id and fence = held.fence and state = 'running' for update
        ) as job))
    returning id
)
select pg_notify({channel}, 'r:-32768:' || $3) from freed limit 1"""


class Claims:
    """Takes jobs of one queue, and gives them back."""

    def __init__(
        self,
        pool: Pool,
        schema: Schema,
        time: DatabaseTime,
        queue: str,
    ) -> None:
        self._pool = pool
        self._time = time
        self._queue = queue
        self.resumption = Resumption()
        self._types: list[str] = []
        self._claim = schema.sql(CLAIM)
        self._promote = schema.sql(PROMOTE)
        self._mark_started = schema.sql(MARK_STARTED)
        self._release = schema.sql(RELEASE)

    async def claim(
        self,
        control: ControlConnection,
        worker: WorkerId,
        types: Sequence[str],
        limit: int,
    ) -> list[ClaimedJob]:
        """Claim as `JobClaims.claim` promises, on the connection that is ended with the worker."""

        async def fetch(connection: Connection) -> list[ClaimedJob]:
            given = self._time.given()
            if types != self._types:
                self._types = list(types)
                self.resumption.heard(START.priority)  # jobs of a type known since were passed over
            if not control.direct:
                self.resumption.heard(_LAST_PRIORITY)  # nobody tells
            begin = self.resumption.begin()
            asked_at = time.monotonic()
            rows = await connection.fetch(self._claim, self._queue, limit, list(types), worker, given, *begin)
            took = time.monotonic() - asked_at
            claimed = list(map(ClaimedJob._make, rows))
            self.resumption.looked(took, claimed)
            return claimed

        return await control.run(fetch)

    async def promote(self, control: ControlConnection) -> Promotion:
        """Promote as `JobClaims.promote` promises."""

        async def fetch(connection: Connection) -> Promotion:
            row = await connection.fetchrow(self._promote, self._queue, _MOST_PROMOTED, self._time.given())
            return Promotion(0, None) if row is None else Promotion(row[0], row[1])

        promotion = await control.run(fetch)
        if promotion.jobs:
            self.resumption.heard(START.priority)
            control.signal_ready(self._queue)
        return promotion._replace(next_due=timedelta(0)) if promotion.jobs == _MOST_PROMOTED else promotion

    async def mark_started(self, job: ClaimedJob) -> bool:
        """Mark as `JobClaims.mark_started` promises."""
        arguments = (self._mark_started, job.id, job.fence, self._time.given())
        return await on_pool(self._pool, lambda connection: connection.fetchval(*arguments)) is not None

    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        """Release as `JobClaims.release` promises."""
        arguments = (self._release, [job.id for job in jobs], [job.fence for job in jobs], self._queue)
        await on_pool(self._pool, lambda connection: connection.execute(*arguments))
