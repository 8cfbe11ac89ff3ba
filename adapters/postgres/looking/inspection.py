"""Looking at one job, at the numbers, and at the workers."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.looking.estimates import count_matching
from adapters.postgres.looking.instants import aware, within_python
from adapters.postgres.schema import Schema
from application.jobs.job_store import WorkerId
from application.jobs.looking import (
    AttemptOutcome,
    AttemptRecord,
    Count,
    JobFilter,
    JobInspection,
    JobRecord,
    WorkerRecord,
)
from domain.jobs import Clock, JobId, JobNotFound, JobState

_COMMON = f"""
job.id, job.queue, type, payload::text as payload, state, priority, attempt, carrier::text as carrier,
{within_python("run_at", "run_at")}, {within_python("enqueued_at", "enqueued_at")},
worker.id as worker, coalesce(pool_name, '') as pool_name, coalesce(host, '') as host,
coalesce(version, '') as version, coalesce($2, statement_timestamp()) as seen_at,
(select paused_at from {{schema}}.pauses where queue = job.queue) as queue_paused_at"""

_JOB = f"""
select {_COMMON}, null::timestamptz as finished_at, coalesce(job.started_at, claimed_at) as began_at,
       (select requested_at from {{schema}}.cancellations where job_id = job.id) as cancel_requested_at
from {{schema}}.jobs as job left join {{schema}}.workers as worker on worker.id = job.worker
where job.id = $1
union all
select {_COMMON}, finished_at, job.started_at, null
from {{schema}}.finished_jobs as job left join {{schema}}.workers as worker on worker.id = job.worker
where job.id = $1"""

_ATTEMPTS = """
select attempt, ended.worker, coalesce(pool_name, '') as pool_name, coalesce(host, '') as host,
       coalesce(version, '') as version, ended.started_at, finished_at, outcome, error, traceback
from {schema}.attempts as ended left join {schema}.workers as worker on worker.id = ended.worker
where job_id = $1
order by ended.started_at, attempt"""

_WORKERS = """
select worker.id, pool_name, queue, size, version, host, pid, lease, started_at, heartbeat_at,
       array(select jsonb_object_keys(max_attempts) order by 1) as types,
       (select count(*) from {schema}.jobs where worker = worker.id and state = 'running') as owned
from {schema}.workers as worker
where left_at is null and died_at is null and (queue = $1 or $1 is null)
order by queue, pool_name, id"""


class PostgresInspection(JobInspection):
    """Reads through any pool of the database, a read-only one included."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Look at the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._time = DatabaseTime(clock)
        self._schema = Schema(schema)
        self._job = self._schema.sql(_JOB)
        self._attempts = self._schema.sql(_ATTEMPTS)
        self._workers = self._schema.sql(_WORKERS)

    async def now(self) -> datetime:
        now: datetime = await self._pool.fetchval("select coalesce($1, statement_timestamp())", self._time.given())
        return now

    async def job(self, job_id: JobId) -> JobRecord:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(self._job, job_id, self._time.given())
            if row is None:
                raise JobNotFound(job_id)
            ended = await connection.fetch(self._attempts, job_id)
        return _job_record(row, ended)

    async def counts(self, queue: str | None = None) -> Mapping[JobState, Count]:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return {
                state: await count_matching(connection, self._schema, JobFilter(queue=queue, state=state))
                for state in JobState
            }

    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        return [_worker_record(row) for row in await self._pool.fetch(self._workers, queue)]


def _job_record(row: asyncpg.Record, ended: list[asyncpg.Record]) -> JobRecord:
    state = JobState(row["state"])
    attempts = [_ended_attempt(attempt) for attempt in ended]
    if state in (JobState.RUNNING, JobState.COMPLETED):
        attempts.append(_last_attempt(row, state))
    return JobRecord(
        id=JobId(row["id"]),
        queue=row["queue"],
        type=row["type"],
        payload=row["payload"],
        state=state,
        priority=row["priority"],
        run_at=aware(row["run_at"]),
        attempt=row["attempt"],
        enqueued_at=aware(row["enqueued_at"]),
        finished_at=row["finished_at"],
        carrier=row["carrier"],
        cancel_requested_at=row["cancel_requested_at"] if state is JobState.RUNNING else None,
        queue_paused_at=row["queue_paused_at"],
        attempts=tuple(attempts),
        seen_at=row["seen_at"],
    )


def _ended_attempt(row: asyncpg.Record) -> AttemptRecord:
    return AttemptRecord(
        number=row["attempt"],
        pool_name=row["pool_name"],
        host=row["host"],
        version=row["version"],
        worker=None if row["worker"] is None else WorkerId(row["worker"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        outcome=AttemptOutcome(row["outcome"]),
        error=row["error"],
        traceback=row["traceback"] or None,
    )


def _last_attempt(row: asyncpg.Record, state: JobState) -> AttemptRecord:
    completed = state is JobState.COMPLETED
    return AttemptRecord(
        number=row["attempt"],
        pool_name=row["pool_name"],
        host=row["host"],
        version=row["version"],
        worker=None if row["worker"] is None else WorkerId(row["worker"]),
        started_at=row["began_at"],
        finished_at=row["finished_at"] if completed else None,
        outcome=AttemptOutcome.COMPLETED if completed else AttemptOutcome.RUNNING,
        error=None,
        traceback=None,
    )


def _worker_record(row: asyncpg.Record) -> WorkerRecord:
    return WorkerRecord(
        id=WorkerId(row["id"]),
        pool_name=row["pool_name"],
        queue=row["queue"],
        size=row["size"],
        owned=row["owned"],
        types=tuple(row["types"]),
        version=row["version"],
        host=row["host"],
        pid=row["pid"],
        started_at=row["started_at"],
        last_seen=row["heartbeat_at"],
        lease=row["lease"],
    )
