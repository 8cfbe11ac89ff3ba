"""The numbers of queues."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypedDict

import asyncpg

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.ended import ENDED, ORIGIN, too_many
from adapters.postgres.looking.instants import age, aware
from adapters.postgres.looking.queue_counts import QueueCounts
from adapters.postgres.looking.snapshots import snapshot
from adapters.postgres.looking.time_classes import percentile
from adapters.postgres.schema import Schema
from adapters.postgres.statistics import KEPT
from application.jobs.looking import Bucket, Durations, QueueFigures, QueueRecord
from domain.jobs import Clock

_MOST_UNCOUNTED = 20_000

# What the maintenance has not counted yet is counted here, unless that is too much: then the last seconds are missing.
_RECENT = f"""
with uncounted as materialized ({ENDED})
select * from {{schema}}.statistics where bucket >= $3 and ($4::text is null or queue = $4)
union all
select * from uncounted where bucket >= $3 and ($4::text is null or queue = $4)"""

_UNCOUNTED = f"""
select counted_until as since, coalesce({too_many("counted_until", "$2")}, 'infinity') as until,
    coalesce($1, statement_timestamp()) as now
from {{schema}}.statistics_progress"""

_SUMS = f"""
with recent as ({_RECENT})
select queue, sum(completed)::bigint as completed, sum(failed)::bigint as failed,
       sum(run_time) as run_time, sum(wait_time) as wait_time
from recent group by queue"""

_CLASSES = f"""
with recent as ({_RECENT})
select queue, 'run' as kind, class.key::integer as number, sum(class.value::bigint)::bigint as count
from recent, jsonb_each_text(run_classes) as class group by 1, 2, 3
union all
select queue, 'wait', class.key::integer, sum(class.value::bigint)::bigint
from recent, jsonb_each_text(wait_classes) as class group by 1, 2, 3"""

_THROUGHPUT = f"""
with recent as ({_RECENT})
select date_bin($5::interval, bucket, {ORIGIN}) as start, sum(completed)::bigint as completed,
       sum(failed)::bigint as failed, sum(dead)::bigint as dead, sum(cancelled)::bigint as cancelled
from recent group by 1"""

_THROUGHPUT_BY_QUEUE = f"""
with recent as ({_RECENT})
select queue, date_bin($5::interval, bucket, {ORIGIN}) as start, sum(completed)::bigint as completed,
       sum(failed)::bigint as failed, sum(dead)::bigint as dead, sum(cancelled)::bigint as cancelled
from recent group by 1, 2"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PostgresQueueFigures(QueueFigures):
    """Reads through any pool of the database, a read-only one included."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Look at the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._time = DatabaseTime(clock)
        self._schema = Schema(schema)

    async def queues(self, window: timedelta) -> list[QueueRecord]:
        async with snapshot(self._pool) as connection:
            since, until, now = await self._uncounted(connection)
            recent = since, until, now - window, None
            sums = await connection.fetch(self._schema.sql(_SUMS), *recent)
            classes = await connection.fetch(self._schema.sql(_CLASSES), *recent)
            counts = QueueCounts(self._schema)
            rows = await counts.rows(connection)
            numbers = {row["name"]: await counts.states(connection, row) for row in rows}
        durations = _classes_by_queue(classes)
        sums_by_queue = {row["queue"]: row for row in sums}
        return [
            QueueRecord(
                name=row["name"],
                counts=numbers[row["name"]],
                paused_at=row["paused_at"],
                oldest_ready=age(row["oldest_ready_at"], now),
                workers=row["workers"],
                places=row["places"],
                busy=row["busy"],
                window=window,
                **_recent(sums_by_queue.get(row["name"]), durations[row["name"]]),
            )
            for row in rows
        ]

    async def throughput(self, since: datetime, *, step: timedelta, queue: str | None = None) -> list[Bucket]:
        starts, rows = await self._ended(_THROUGHPUT, since, step, queue)
        return _buckets(starts, rows)

    async def throughput_by_queue(self, since: datetime, *, step: timedelta) -> Mapping[str, list[Bucket]]:
        starts, rows = await self._ended(_THROUGHPUT_BY_QUEUE, since, step, None)
        found: defaultdict[str, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            found[row["queue"]].append(row)
        return {name: _buckets(starts, rows_of_queue) for name, rows_of_queue in found.items()}

    async def _ended(
        self,
        statement: str,
        since: datetime,
        step: timedelta,
        queue: str | None,
    ) -> tuple[list[datetime], list[asyncpg.Record]]:
        async with snapshot(self._pool) as connection:
            counted_until, until, now = await self._uncounted(connection)
            start = _EPOCH + (max(since, now - KEPT) - _EPOCH) // step * step
            rows = await connection.fetch(self._schema.sql(statement), counted_until, until, start, queue, step)
        end = min(now, until)
        return [start + number * step for number in range((end - start) // step + 1)], rows

    async def _uncounted(self, connection: PooledConnection) -> tuple[datetime, datetime, datetime]:
        row = await connection.fetchrow(self._schema.sql(_UNCOUNTED), self._time.given(), _MOST_UNCOUNTED)
        if row is None:
            msg = "the table statistics_progress has lost its row"
            raise RuntimeError(msg)
        return row["since"], aware(row["until"]), row["now"]


def _buckets(starts: list[datetime], rows: list[asyncpg.Record]) -> list[Bucket]:
    found = {row["start"]: row for row in rows}
    return [_bucket(start, found.get(start)) for start in starts]


def _bucket(start: datetime, row: asyncpg.Record | None) -> Bucket:
    if row is None:
        return Bucket(start, 0, 0, 0, 0)
    return Bucket(start, row["completed"], row["failed"], row["dead"], row["cancelled"])


def _classes_by_queue(rows: list[asyncpg.Record]) -> defaultdict[str, dict[str, dict[int, int]]]:
    classes: defaultdict[str, dict[str, dict[int, int]]] = defaultdict(lambda: {"run": {}, "wait": {}})
    for row in rows:
        classes[row["queue"]][row["kind"]][row["number"]] = row["count"]
    return classes


class _Recent(TypedDict):
    completed: int
    failed: int
    run: Durations | None
    wait: Durations | None


def _recent(sums: asyncpg.Record | None, classes: Mapping[str, Mapping[int, int]]) -> _Recent:
    if sums is None:
        return _Recent(completed=0, failed=0, run=None, wait=None)
    completed = sums["completed"]
    return _Recent(
        completed=completed,
        failed=sums["failed"],
        run=_durations(sums["run_time"], completed, classes["run"]),
        wait=_durations(sums["wait_time"], completed, classes["wait"]),
    )


def _durations(seconds: float, number: int, classes: Mapping[int, int]) -> Durations | None:
    if not number:
        return None
    return Durations(timedelta(seconds=seconds / number), percentile(classes, 0.95))
