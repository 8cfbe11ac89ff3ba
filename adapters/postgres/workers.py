"""Who is alive: registration, heartbeats, and leaving."""

import json
import os
import socket
from collections.abc import Sequence

from adapters.postgres.control import ControlConnection
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Connection
from adapters.postgres.schema import Schema
from application.jobs.job_store import ClaimedJob, Registration, WorkerId

# Nobody sees the row before its session holds the lock: a process that dies from here on is missed as any other, and
# one that is merely slow is not missed. Without a session of our own there is no key, and nothing is locked.
_REGISTER = """
insert into {schema}.workers
    (pool_name, queue, size, version, host, pid, lease, max_attempts, started_at, heartbeat_at, session_pid)
values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb,
        coalesce($9, statement_timestamp()), coalesce($9, statement_timestamp()), $10)
returning id, heartbeat_at, pg_try_advisory_lock($11, (id & 2147483647)::integer)"""

_ANNOUNCE = """
update {schema}.workers set max_attempts = $2::text::jsonb where id = $1"""

_HEARTBEAT = """
update {schema}.workers
set heartbeat_at = coalesce($3, statement_timestamp()), session_pid = $2
where id = $1 and died_at is null and left_at is null
returning heartbeat_at"""

_DISOWN = """
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select id from {schema}.jobs as job
        where worker = $1 and state = 'running'
          and not exists (
              select from unnest($2::bigint[], $3::integer[]) as known (id, fence)
              where known.id = job.id and known.fence = job.fence)
        for update skip locked))
    returning queue
)
select count(*), case when count(*) > 0 then pg_notify({channel}, 'r:-32768:' || min(queue)) end from freed"""

# Rows that are still locked belong to attempts that did not end in time: then the worker stays, and its
# jobs are rescued like those of any worker that died.
_DEREGISTER = """
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select id from {schema}.jobs where worker = $1 and state = 'running' for update skip locked))
    returning queue
)
select count(*), case when count(*) > 0 then pg_notify({channel}, 'r:-32768:' || min(queue)) end from freed"""

_LEAVE = """
update {schema}.workers set left_at = coalesce($2, statement_timestamp())
where id = $1 and not exists (select from {schema}.jobs where worker = $1 and state = 'running')"""


class Workers:
    """Keeps the rows of the pools of one queue."""

    def __init__(self, schema: Schema, time: DatabaseTime, queue: str) -> None:
        self._time = time
        self._queue = queue
        self._key = schema.key
        self._register = schema.sql(_REGISTER)
        self._announce = schema.sql(_ANNOUNCE)
        self._heartbeat = schema.sql(_HEARTBEAT)
        self._disown = schema.sql(_DISOWN)
        self._deregister = schema.sql(_DEREGISTER)
        self._leave = schema.sql(_LEAVE)

    async def register(self, control: ControlConnection, registration: Registration) -> WorkerId:
        """Write the row of a pool, and lock it in this session."""

        async def insert(connection: Connection) -> tuple[WorkerId, bool]:
            row = await connection.fetchrow(
                self._register,
                registration.pool_name,
                self._queue,
                registration.size,
                registration.version,
                socket.gethostname(),
                os.getpid(),
                registration.lease,
                json.dumps(registration.max_attempts),
                self._time.given(),
                connection.get_server_pid() if control.direct else None,
                self._key if control.direct else None,
            )
            if row is None:
                msg = "the registration returned no row"
                raise RuntimeError(msg)
            self._time.learn(row[1])
            return WorkerId(row[0]), bool(row[2])

        worker, is_locked = await control.run(insert)
        control.hold(worker, is_locked=is_locked)
        return worker

    async def announce(
        self,
        control: ControlConnection,
        worker: WorkerId,
        registration: Registration,
    ) -> None:
        """Replace the types of a pool."""
        types = json.dumps(registration.max_attempts)
        await control.run(lambda connection: connection.execute(self._announce, worker, types))

    async def heartbeat(self, control: ControlConnection, worker: WorkerId) -> bool:
        """Say that the worker lives."""
        pid = await control.session_pid()
        given = self._time.given()
        now = await control.run(lambda connection: connection.fetchval(self._heartbeat, worker, pid, given))
        if now is None:
            control.forget(worker)
            return False
        self._time.learn(now)
        return True

    async def disown(self, control: ControlConnection, worker: WorkerId, known: Sequence[ClaimedJob]) -> int:
        """Hand back what a lost answer of a claim brought. The session of that claim was ended before."""
        ids, fences = [job.id for job in known], [job.fence for job in known]
        number: int = await control.run(
            lambda connection: connection.fetchval(self._disown, worker, ids, fences),
        )
        return number

    async def deregister(self, control: ControlConnection, worker: WorkerId) -> None:
        """Hand back what is still owned, and leave."""
        given = self._time.given()
        control.forget(worker)
        await control.run(lambda connection: connection.execute(self._deregister, worker))
        await control.run(lambda connection: connection.execute(self._leave, worker, given))
