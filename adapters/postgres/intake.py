"""How jobs get in."""

from collections.abc import Sequence

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import DRIVER_ERRORS, NOT_MIGRATED, Pool, PooledConnection
from adapters.postgres.schema import Schema
from adapters.postgres.unit import open_unit
from application.jobs.job_store import Enqueueing, NewJob
from domain.jobs import EnqueueFailed, JobId

_SEPARATOR = "\x1f"
"""Stands nowhere in JSON, which has control characters escaped."""

# One statement for any number of jobs, so that no limit of parameters is ever met. The payloads come as one
# text, because the driver takes longer over an array than the server over splitting it. The numbers are drawn
# in the order of the list, which makes the ids grow with it.
_ENQUEUE = """
insert into {schema}.jobs (queue, type, payload, priority, run_at, state, enqueued_at, carrier)
select $1, coalesce(job.type, ($2::text[])[1]), job.payload::json, $4, coalesce($5, $6, statement_timestamp()),
       case when $5 > coalesce($6, statement_timestamp()) then 'scheduled' else 'ready' end,
       coalesce($6, statement_timestamp()), $7::text::json
from unnest($2::text[], string_to_array($3, chr(31))) with ordinality as job (type, payload, position)
order by job.position
returning id"""


class Intake:
    """Writes jobs, in the unit of work of the calling context where there is one."""

    def __init__(self, pool: Pool, schema: Schema, time: DatabaseTime, queue: str) -> None:
        self._pool = pool
        self._time = time
        self._queue = queue
        self._enqueue = schema.sql(_ENQUEUE)

    async def enqueue(self, enqueueing: Enqueueing) -> list[JobId]:
        """Write all of the jobs or none."""
        try:
            unit = open_unit(self._pool)
            if unit is None:
                async with self._pool.acquire() as connection:
                    return await self._insert(connection, enqueueing)
            async with unit.lock:
                return await self._insert(await unit.connection(), enqueueing)
        except NOT_MIGRATED as error:
            msg = f"the tables of the queue are missing or older than this code: call migrate() ({error})"
            raise EnqueueFailed(msg) from error
        except DRIVER_ERRORS as error:
            msg = f"the database did not take the jobs: {error!r}"
            raise EnqueueFailed(msg) from error

    async def _insert(self, connection: PooledConnection, enqueueing: Enqueueing) -> list[JobId]:
        rows = await connection.fetch(
            self._enqueue,
            self._queue,
            _types_of(enqueueing.jobs),
            _SEPARATOR.join([payload for _, payload in enqueueing.jobs]),
            enqueueing.priority,
            enqueueing.run_at,
            self._time.given(),
            enqueueing.carrier,
        )
        return sorted(JobId(row[0]) for row in rows)


def _types_of(jobs: Sequence[NewJob]) -> list[str]:
    types = [job_type for job_type, _ in jobs]
    return types[:1] if len(set(types)) == 1 else types
