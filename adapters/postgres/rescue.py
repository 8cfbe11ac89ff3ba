"""Freeing the jobs of workers that died.

A worker is taken for dead when its heartbeat is older than its lease, or when the session that held its
lock is gone for a while: a process that dies takes its connections along, one that was merely cut off
comes back sooner.
"""

import logging
import time
from collections.abc import Sequence
from functools import partial

import asyncpg

from adapters.postgres.control import ControlConnection
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Connection
from adapters.postgres.schema import Schema
from adapters.postgres.settlements import rows_of
from application.jobs.error_kind import WORKER_DIED, death_of
from application.jobs.job_store import RescuedJobs, WorkerId

_TIME_TO_RECONNECT = 1.0

_TIME_TO_END = 2_000
"""Milliseconds for the sessions of a dead worker together. What takes longer is left to the next sweep."""

_TIME_BETWEEN_TRIES = 5.0
"""Seconds before a worker of which something is held on to is tried again: claims wait for a rescue."""

# pg_locks splits the two numbers of an advisory lock into classid and objid. Nobody waits for such a lock: who is
# listed there has it.
_VANISHED = """
session_pid is not null and not exists (
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())
      and classid = ($1::bigint & 4294967295)::oid and objid = (worker.id & 2147483647)::oid)"""

_SUSPECTS = f"""
select id, died_at is not null or heartbeat_at + lease < coalesce($2, statement_timestamp()) as silent,
       {_VANISHED} as vanished
from {{schema}}.workers as worker
where left_at is null and rescued_at is null"""

# Locks the row against a claim that is under way. Whoever sees it locked leaves it to the next sweep.
_DECLARE_DEAD = f"""
update {{schema}}.workers as worker set died_at = coalesce(died_at, $2, statement_timestamp())
where id = (
    select id from {{schema}}.workers as worker
    where id = $3 and left_at is null and rescued_at is null
      and (died_at is not null or heartbeat_at + lease < coalesce($2, statement_timestamp()) or {_VANISHED})
    for update skip locked)
returning pool_name, queue"""

# An attempt that may not have begun is refunded where that can be known: see JobClaims.mark_started.
_FREE_JOBS = """
with lost as materialized (
    select job.id, job.attempt, coalesce(job.started_at, job.claimed_at) as since,
           coalesce((worker.max_attempts ->> job.type)::integer, 25) as allowed,
           job.started_at is null as unmarked, job.rescues,
           exists (select from {schema}.cancellations where job_id = job.id) as called_off
    from {schema}.jobs as job join {schema}.workers as worker on worker.id = job.worker
    where job.worker = $1 and job.state = 'running'
    for update of job skip locked
), judged as (
    select *, unmarked and (rescues > 0 or allowed = 1) as refunded from lost
), freed as (
    update {schema}.jobs as job
    set state = 'ready', rescues = job.rescues + 1, attempt = job.attempt - judged.refunded::integer
    from judged
    where job.id = judged.id and not called_off and (judged.refunded or judged.attempt < judged.allowed)
    returning job.queue
), ended as (
    delete from {schema}.jobs as job using judged
    where job.id = judged.id and (called_off or (not judged.refunded and judged.attempt >= judged.allowed))
    returning job.*, judged.since, judged.called_off
), kept as (
    insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at, error_kind)
    select {moved}, case when called_off then 'cancelled' else 'dead' end, rescues + 1,
           case when not called_off then since end, coalesce($2, statement_timestamp()),
           case when not called_off then $4 end
    from ended
), recorded as (
    insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
    select id, attempt, $1, since, coalesce($2, statement_timestamp()), 'died', $3, ''
    from judged where not refunded
)
select (select count(*) from freed) as freed, (select count(*) from ended where not called_off) as buried,
       (select count(*) from judged where not refunded) as died,
       (select count(pg_notify({channel}, 'r:-32768:' || queue)) from (select distinct queue from freed) as woken)"""

# A row of a dead worker that is still locked is held by the transaction of a frozen attempt. Its holder
# is the transaction in xmax. Ended together with the session that claimed, the server rolls it back.
_END_SESSIONS = """
select array_agg(pid) filter (where pg_terminate_backend(pid)) from (
    select holder.pid
    from {schema}.jobs as job
    join pg_locks as holder on holder.transactionid = job.xmax and holder.granted
    where job.worker = $1 and job.state = 'running'
    union
    select worker.session_pid
    from {schema}.workers as worker
    join pg_stat_activity as session on session.pid = worker.session_pid
        and session.backend_start < worker.heartbeat_at
    where worker.id = $1
) as sessions where pid <> pg_backend_pid()"""

# Asked again with a time, the server waits until the session is gone, and its locks with it.
_AWAIT_END = "select pg_terminate_backend(pid, $2) from unnest($1::integer[]) as pid"

_RESCUED = """
update {schema}.workers set rescued_at = coalesce($2, statement_timestamp())
where id = $1 and not exists (select from {schema}.jobs where worker = $1 and state = 'running')"""

logger = logging.getLogger("arrower.rescue")


class Rescue:
    """Looks for dead workers. Any number of processes may: each worker is freed by one at a time."""

    def __init__(self, schema: Schema, time: DatabaseTime) -> None:
        self._key = schema.key
        self._time = time
        self._suspects = schema.sql(_SUSPECTS)
        self._declare_dead = schema.sql(_DECLARE_DEAD)
        self._free_jobs = schema.sql(_FREE_JOBS)
        self._end_sessions = schema.sql(_END_SESSIONS)
        self._rescued = schema.sql(_RESCUED)
        self._missing_since: dict[WorkerId, float] = {}
        self._next_try: dict[WorkerId, float] = {}

    async def sweep(self, control: ControlConnection) -> list[RescuedJobs]:
        """Free the jobs of every worker that is dead by now."""
        rows = await control.run(
            lambda connection: connection.fetch(self._suspects, self._key, self._time.given()),
        )
        vanished = {WorkerId(row["id"]) for row in rows if row["vanished"]}
        dead = {WorkerId(row["id"]) for row in rows if row["silent"]} | set(self._gone_for_good(vanished))
        rescued = [await control.run(partial(self._rescue, worker)) for worker in self._to_be_tried(dead)]
        return [jobs for jobs in rescued if jobs is not None]

    def _gone_for_good(self, vanished: set[WorkerId]) -> Sequence[WorkerId]:
        now = time.monotonic()
        self._missing_since = {worker: self._missing_since.get(worker, now) for worker in vanished}
        return [worker for worker, since in self._missing_since.items() if now - since >= _TIME_TO_RECONNECT]

    def _to_be_tried(self, dead: set[WorkerId]) -> list[WorkerId]:
        now = time.monotonic()
        self._next_try = {worker: due for worker, due in self._next_try.items() if worker in dead and due > now}
        return sorted(dead - self._next_try.keys())

    async def _rescue(self, worker: WorkerId, connection: Connection) -> RescuedJobs | None:
        given = self._time.given()
        async with connection.transaction():
            declared = await connection.fetchrow(self._declare_dead, self._key, given, worker)
            if declared is None:
                return None  # another process is at it, or the worker turned out to live
            pool_name, queue = declared
            # While we hold the worker's row no other rescuer holds any of its jobs: who does is frozen. Ended before
            # the jobs are freed, it cannot wake up in between and record its lost connection as a failure.
            await self._end(connection, worker)
            error = death_of(worker, pool_name)
            row = await connection.fetchrow(self._free_jobs, worker, given, error, WORKER_DIED)
            rescued = await connection.execute(self._rescued, worker, given)
        if not rows_of(rescued):
            self._next_try[worker] = time.monotonic() + _TIME_BETWEEN_TRIES
        if row is None or not (row["freed"] or row["buried"]):
            return None
        logger.warning(
            "worker %d of pool %s died: %d of its jobs are free again, %d are dead",
            worker,
            pool_name,
            row["freed"],
            row["buried"],
        )
        return RescuedJobs(queue, freed=row["freed"], buried=row["buried"], died=row["died"])

    async def _end(self, connection: Connection, worker: WorkerId) -> None:
        try:
            async with connection.transaction():
                if pids := await connection.fetchval(self._end_sessions, worker):
                    await connection.execute(_AWAIT_END, pids, _TIME_TO_END // len(pids))
        except asyncpg.InsufficientPrivilegeError as error:
            logger.warning("the sessions of dead worker %d belong to another role: %s", worker, error)
