"""Calling off jobs that run."""

from collections.abc import Collection

from adapters.postgres.control import ControlConnection
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.patience import on_pool
from adapters.postgres.schema import Schema
from adapters.postgres.settlements import rows_of
from application.jobs.job_store import CALLED_OFF, EndedAttempt, WorkerId
from domain.jobs import JobId

_CALLED_OFF = """
select job.id from {schema}.cancellations join {schema}.jobs as job on job.id = job_id
where job.worker = $1 and job.state = 'running'"""

_CANCEL = """
with ended as (
    delete from {schema}.jobs where id = $1 and fence = $2 and state = 'running' returning *
), kept as (
    insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
    select {moved}, 'cancelled', rescues, $3, $4
    from ended
), done as (
    delete from {schema}.cancellations where job_id in (select id from ended)
)
insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, attempt, worker, $3, $4, 'cancelled', $5, '' from ended"""

# Whose attempt failed, or was handed back, is not run again. A request whose job is done is forgotten.
_SWEEP = """
with requested as materialized (
    select job_id from {schema}.cancellations limit 1000
), ended as (
    delete from {schema}.jobs where id = any (array(
        select job.id from requested cross join lateral (
            select id from {schema}.jobs where id = job_id and state in ('scheduled', 'ready') for update skip locked
        ) as job))
    returning *
), kept as (
    insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
    select {moved}, 'cancelled', rescues, null, coalesce($1, statement_timestamp())
    from ended
)
delete from {schema}.cancellations
where job_id in (select job_id from requested where not exists (select from {schema}.jobs where id = job_id))"""


class Cancellations:
    """Answers the requests that are kept beside the jobs, because attempts hold the rows of running ones."""

    def __init__(self, pool: Pool, schema: Schema, time: DatabaseTime) -> None:
        self._pool = pool
        self._time = time
        self._called_off = schema.sql(_CALLED_OFF)
        self._cancel = schema.sql(_CANCEL)
        self._sweep = schema.sql(_SWEEP)

    async def called_off(self, control: ControlConnection, worker: WorkerId) -> Collection[JobId]:
        """Return as `Workers.called_off` promises."""
        rows = await control.run(lambda connection: connection.fetch(self._called_off, worker))
        return {JobId(row[0]) for row in rows}

    async def cancel(self, ended: EndedAttempt) -> bool:
        """Record as `Settlements.cancel` promises."""
        job = ended.job
        arguments = (self._cancel, job.id, job.fence, *ended.times, CALLED_OFF.message)
        return rows_of(await on_pool(self._pool, lambda connection: connection.execute(*arguments))) == 1

    async def sweep(self, control: ControlConnection) -> None:
        """Cancel what was called off and runs no more."""
        given = self._time.given()
        await control.run(lambda connection: connection.execute(self._sweep, given))
