"""Looking at jobs and workers."""

from collections.abc import Mapping
from datetime import UTC, datetime

import asyncpg

from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from application.jobs.inspection import (
    AttemptOutcome,
    AttemptRecord,
    JobInspection,
    JobRecord,
    WorkerRecord,
)
from domain.jobs import JobId, JobNotFound, JobState

# SQL can write instants that Python does not have; they are shown as the last or the first it has.
_RUN_AT, _ENQUEUED_AT = (
    f"greatest(least({column}, '9999-12-31 23:59:59.999999+00'), '0001-01-01 00:00+00') as {column}"
    for column in ("run_at", "enqueued_at")
)

_JOB = f"""
select job.id, job.queue, type, payload::text as payload, state, priority, {_RUN_AT}, {_ENQUEUED_AT},
       null::timestamptz as finished_at, attempt, coalesce(job.started_at, claimed_at) as started_at, pool_name
from {{schema}}.jobs as job left join {{schema}}.workers as worker on worker.id = job.worker
where job.id = $1
union all
select job.id, job.queue, type, payload::text, state, priority, {_RUN_AT}, {_ENQUEUED_AT},
       finished_at, attempt, job.started_at, pool_name
from {{schema}}.finished_jobs as job left join {{schema}}.workers as worker on worker.id = job.worker
where job.id = $1"""

_ATTEMPTS = """
select attempt, coalesce(pool_name, '') as pool_name, ended.started_at, finished_at, outcome, error, traceback
from {schema}.attempts as ended left join {schema}.workers as worker on worker.id = ended.worker
where job_id = $1
order by ended.started_at, attempt"""

_COUNTS = """
select state, count(*) as number from {schema}.jobs where queue = $1 or $1 is null group by state
union all
select state, count(*) from {schema}.finished_jobs where queue = $1 or $1 is null group by state"""

_WORKERS = """
select pool_name, queue, size, version, heartbeat_at,
       array(select jsonb_object_keys(max_attempts) order by 1) as types
from {schema}.workers
where left_at is null and died_at is null and (queue = $1 or $1 is null)
order by queue, pool_name, id"""


class PostgresInspection(JobInspection):
    """Reads through any pool of the database, a read-only one included."""

    def __init__(self, pool: Pool, *, schema: str = "arrower") -> None:
        """Look at the queues in `schema`."""
        self._pool = pool
        target = Schema(schema)
        self._job = target.sql(_JOB)
        self._attempts = target.sql(_ATTEMPTS)
        self._counts = target.sql(_COUNTS)
        self._workers = target.sql(_WORKERS)

    async def job(self, job_id: JobId) -> JobRecord:
        """Return one job as `JobInspection.job` promises, from one snapshot."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(self._job, job_id)
            if row is None:
                raise JobNotFound(job_id)
            ended = await connection.fetch(self._attempts, job_id)
        return _job_record(row, ended)

    async def counts(self, queue: str | None = None) -> Mapping[JobState, int]:
        """Count as `JobInspection.counts` promises. Reads every job of the queue."""
        counts = dict.fromkeys(JobState, 0)
        counts.update({JobState(row["state"]): row["number"] for row in await self._pool.fetch(self._counts, queue)})
        return counts

    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        """List as `JobInspection.workers` promises."""
        return [
            WorkerRecord(
                pool_name=row["pool_name"],
                queue=row["queue"],
                size=row["size"],
                types=tuple(row["types"]),
                version=row["version"],
                last_seen=row["heartbeat_at"],
            )
            for row in await self._pool.fetch(self._workers, queue)
        ]


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
        run_at=_aware(row["run_at"]),
        enqueued_at=row["enqueued_at"],
        finished_at=row["finished_at"],
        attempts=tuple(attempts),
    )


def _ended_attempt(row: asyncpg.Record) -> AttemptRecord:
    return AttemptRecord(
        number=row["attempt"],
        pool_name=row["pool_name"],
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
        pool_name=row["pool_name"] or "",
        started_at=row["started_at"],
        finished_at=row["finished_at"] if completed else None,
        outcome=AttemptOutcome.COMPLETED if completed else AttemptOutcome.RUNNING,
        error=None,
        traceback=None,
    )


def _aware(instant: datetime) -> datetime:
    # asyncpg gives the first and the last instant of Python for PostgreSQL's infinities, without a zone.
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
