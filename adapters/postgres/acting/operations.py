"""Acting on a job."""

import asyncio
from datetime import datetime
from typing import NoReturn

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.schema import Schema
from application.jobs.acting import Cancelled, JobOperations
from domain.jobs import Clock, JobId, JobNotFound, WrongJobState

_MOST_LOOKS = 100
_PAUSE = 0.02

# Inserting wakes the workers, as every insert does.
_REVIVE = """
with revived as (
    delete from {schema}.finished_jobs where id = $1 and state in ('dead', 'cancelled') returning *
), forgotten as (
    delete from {schema}.cancellations where job_id = $1
)
insert into {schema}.jobs (id, queue, type, payload, priority, run_at, state, fence, worker, enqueued_at, carrier)
select id, queue, type, payload, priority, coalesce($2, statement_timestamp()), 'ready', fence, worker,
       enqueued_at, carrier
from revived
returning id"""

_HASTEN = """
with hastened as (
    update {schema}.jobs set state = 'ready', run_at = coalesce($2, statement_timestamp())
    where id = $1 and state = 'scheduled'
    returning id, queue
)
select id, pg_notify({channel}, 'r:-32768:' || queue) from hastened"""

_CANCEL = """
with ended as (
    delete from {schema}.jobs
    where id = (select id from {schema}.jobs where id = $1 and state in ('scheduled', 'ready') for update skip locked)
    returning *
)
insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
select {moved}, 'cancelled', rescues, null, coalesce($2, statement_timestamp())
from ended
returning id"""

# The row of a running job may be locked until its attempt ends, so the request is kept beside it.
_REQUEST = """
with running as (
    select id, queue from {schema}.jobs where id = $1 and state = 'running'
), requested as (
    insert into {schema}.cancellations (job_id, requested_at)
    select id, coalesce($2, statement_timestamp()) from running
    on conflict do nothing
)
select id, pg_notify({channel}, 'c::' || queue) from running"""

# A waiting job that somebody holds is being claimed or acted upon: it is not waited for.
_DELETE = """
with gone as (
    delete from {schema}.jobs
    where id = (select id from {schema}.jobs where id = $1 and state in ('scheduled', 'ready') for update skip locked)
    returning id
), finished as (
    delete from {schema}.finished_jobs where id = $1 returning id
), deleted as (
    select id from gone union all select id from finished
), forgotten as (
    delete from {schema}.attempts where job_id in (select id from deleted)
)
select id from deleted"""

# A notification wakes whoever could run it earlier than they know of.
_CHANGE = """
with changed as (
    update {schema}.jobs
    set priority = coalesce($2, priority), run_at = coalesce($3, run_at),
        state = case when $3 is null then state
                     when $3 > coalesce($4, statement_timestamp()) then 'scheduled' else 'ready' end
    where id = (select id from {schema}.jobs where id = $1 and state in ('scheduled', 'ready') for update skip locked)
    returning id, queue, state
)
select id, pg_notify({channel}, case state when 'scheduled' then 's::' else 'r:-32768:' end || queue) from changed"""

_STATE = """
select state from {schema}.jobs where id = $1
union all
select state from {schema}.finished_jobs where id = $1"""


class PostgresOperations(JobOperations):
    """Acts through any pool of the database; each operation is its own transaction."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Act on the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._time = DatabaseTime(clock)
        target = Schema(schema)
        self._revive = target.sql(_REVIVE)
        self._hasten = target.sql(_HASTEN)
        self._cancel = target.sql(_CANCEL)
        self._request = target.sql(_REQUEST)
        self._delete = target.sql(_DELETE)
        self._change = target.sql(_CHANGE)
        self._state = target.sql(_STATE)

    async def retry(self, job_id: JobId) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            for statement in (self._revive, self._hasten):
                if await connection.fetchval(statement, job_id, self._time.given()) is not None:
                    return
            await self._refuse(connection, job_id, "dead, cancelled or scheduled")

    async def cancel(self, job_id: JobId) -> Cancelled:
        for _ in range(_MOST_LOOKS):
            if await self._pool.fetchval(self._cancel, job_id, self._time.given()) is not None:
                return Cancelled.NOW
            if await self._pool.fetchval(self._request, job_id, self._time.given()) is not None:
                return Cancelled.REQUESTED
            if await self._pool.fetchval(self._state, job_id) not in ("scheduled", "ready", "running"):
                break
            await asyncio.sleep(_PAUSE)  # it changes its state at this instant
        async with self._pool.acquire() as connection:
            return await self._refuse(connection, job_id, "scheduled, ready or running")

    async def delete(self, job_id: JobId) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(self._delete, job_id) is None:
                await self._refuse(connection, job_id, "waiting and finished")

    async def change(self, job_id: JobId, *, priority: int | None = None, run_at: datetime | None = None) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(self._change, job_id, priority, run_at, self._time.given()) is None:
                await self._refuse(connection, job_id, "scheduled or ready")

    async def _refuse(self, connection: PooledConnection, job_id: JobId, expected: str) -> NoReturn:
        state = await connection.fetchval(self._state, job_id)
        if state is None:
            raise JobNotFound(job_id)
        raise WrongJobState(job_id, state, expected)
