"""Counting what ended, for charts and rates."""

from datetime import datetime, timedelta

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.ended import ENDED, too_many
from adapters.postgres.looking.snapshots import BY_INDEX
from adapters.postgres.patience import soon_on_pool
from adapters.postgres.schema import Schema

BUCKET = timedelta(seconds=10)
KEPT = timedelta(days=2)
_MOST_AT_ONCE = 50_000
_KEPT_FOR_LATE_ONES = timedelta(seconds=5)
"""A job's end is written a moment after it: what is written later than this is not counted."""

# One process counts at a time; the others find the row locked, or counted up to now.
_BEGIN = """
select counted_until, coalesce($1, statement_timestamp()) as now from {schema}.statistics_progress
where counted_until <= coalesce($1, statement_timestamp()) - $2::interval for update skip locked"""

# So that one step takes bounded time, however many jobs there are.
_UNTIL = f"select {too_many('$1', '$2')}"

_COUNT = f"""
insert into {{schema}}.statistics
    (queue, bucket, completed, failed, dead, cancelled, run_time, wait_time, run_classes, wait_classes)
{ENDED}
on conflict do nothing"""

_COUNTED = "update {schema}.statistics_progress set counted_until = $1"

_PRUNE = "delete from {schema}.statistics where bucket < $1"


class Statistics:
    """Counts each ten seconds of the past once."""

    def __init__(self, schema: Schema, time_: DatabaseTime) -> None:
        self._time = time_
        self._begin = schema.sql(_BEGIN)
        self._until = schema.sql(_UNTIL)
        self._count = schema.sql(_COUNT)
        self._counted = schema.sql(_COUNTED)
        self._prune = schema.sql(_PRUNE)

    async def count(self, pool: Pool) -> bool:
        """Count as `Surveys.count_ended` promises. Not on the connection that claims."""
        return await soon_on_pool(pool, self._step)

    async def _step(self, connection: PooledConnection) -> bool:
        async with connection.transaction(isolation="read_committed"):
            row = await connection.fetchrow(self._begin, self._time.given(), BUCKET + _KEPT_FOR_LATE_ONES)
            if row is None:
                return False
            since, now = row["counted_until"], row["now"]
            latest = _rounded(now - _KEPT_FOR_LATE_ONES)
            await connection.execute(BY_INDEX)
            full: datetime | None = await connection.fetchval(self._until, since, _MOST_AT_ONCE)
            until = latest if full is None else min(max(full, since + BUCKET), latest)
            await connection.execute(self._count, since, until)
            await connection.execute(self._counted, until)
            await connection.execute(self._prune, now - KEPT)
        return until < latest


def _rounded(instant: datetime) -> datetime:
    return datetime.fromtimestamp(instant.timestamp() // 10 * 10, instant.tzinfo)
