"""Forgetting the history that is older than its retention."""

import time
from datetime import timedelta

from adapters.postgres.control import ControlConnection
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.schema import Schema

_INTERVAL = 60.0
_MOST_AT_ONCE = 5_000

_PRUNE = """
with old as (
    delete from {schema}.finished_jobs
    where id = any (array(
        select id from {schema}.finished_jobs
        where state in ('completed', 'cancelled') and finished_at < coalesce($3, statement_timestamp()) - $1::interval
        order by finished_at
        limit $2 for update skip locked))
    returning id
), attempts as (
    delete from {schema}.attempts where job_id in (select id from old)
)
select count(*) from old"""

# Kept longer than the jobs, so that the history of a job can name who ran it.
_PRUNE_WORKERS = """
delete from {schema}.workers
where coalesce(left_at, rescued_at) < coalesce($2, statement_timestamp()) - $1::interval - interval '1 day'"""


class Pruning:
    """Prunes now and then, a bounded number of rows at a time. Dead jobs are kept."""

    def __init__(self, schema: Schema, time_: DatabaseTime, keep_completed: timedelta) -> None:
        self._time = time_
        self._keep_completed = keep_completed
        self._prune = schema.sql(_PRUNE)
        self._prune_workers = schema.sql(_PRUNE_WORKERS)
        self._next = 0.0

    async def prune_when_due(self, control: ControlConnection) -> int:
        """Prune a batch where the last one was long enough ago; full batches follow each other quickly.

        Returns how many jobs were forgotten.
        """
        if time.monotonic() < self._next:
            return 0
        keep, given = self._keep_completed, self._time.given()
        pruned: int = await control.run(
            lambda connection: connection.fetchval(self._prune, keep, _MOST_AT_ONCE, given),
        )
        await control.run(lambda connection: connection.execute(self._prune_workers, keep, given))
        self._next = time.monotonic() + (0 if pruned == _MOST_AT_ONCE else _INTERVAL)
        return pruned
