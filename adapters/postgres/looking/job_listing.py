"""Lists of jobs."""

import asyncpg

from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.looking.estimates import count_matching
from adapters.postgres.looking.instants import aware
from adapters.postgres.looking.line import MOST_READ, Line, LineByTime
from adapters.postgres.looking.rows_of_jobs import SHOW, SHOW_ID
from adapters.postgres.looking.waiting_line import WaitingLine
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter, JobListing, JobSummary, Picked, Position, Stretch
from domain.jobs import JobId, JobState


class PostgresJobListing(JobListing):
    """Reads through any pool of the database, a read-only one included."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", most_read: int = MOST_READ) -> None:
        """Look at the queues in `schema`. A stretch looks for those that match among `most_read` jobs."""
        self._pool = pool
        self._most_read = most_read
        self._schema = Schema(schema)

    async def stretch(
        self,
        wanted: JobFilter,
        *,
        after: Position | None,
        limit: int,
        newest_first: bool,
    ) -> Stretch:
        line = self._line(wanted, newest_first=newest_first)
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows, following = await _fetched(line, connection, SHOW, after, limit)
            return Stretch([_summary(row) for row in rows], following)

    async def pick(self, wanted: JobFilter, *, after: Position | None, limit: int) -> Picked:
        line = self._line(wanted, newest_first=False)
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows, following = await _fetched(line, connection, SHOW_ID, after, limit)
            return Picked([JobId(row["id"]) for row in rows], following)

    def _line(self, wanted: JobFilter, *, newest_first: bool) -> Line:
        if wanted.state is JobState.READY or wanted.state is JobState.SCHEDULED:
            return WaitingLine(wanted, wanted.state, self._schema, newest_first=newest_first)
        return LineByTime(wanted, self._schema, newest_first=newest_first, most_read=self._most_read)

    async def count(self, wanted: JobFilter) -> Count:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await count_matching(connection, self._schema, wanted)


async def _fetched(
    line: Line, connection: PooledConnection, show: str, after: Position | None, limit: int
) -> tuple[list[asyncpg.Record], Position | None]:
    rows = await line.fetch(connection, show, after, limit + 1)
    if len(rows) > limit:
        return rows[:limit], line.order.position(rows[limit - 1])
    return rows, await line.read_until(connection, after)


def _summary(row: asyncpg.Record) -> JobSummary:
    return JobSummary(
        id=JobId(row["id"]),
        queue=row["queue"],
        type=row["type"],
        state=JobState(row["state"]),
        priority=row["priority"],
        attempt=row["attempt"],
        payload=row["payload"],
        run_at=aware(row["run_at"]),
        enqueued_at=aware(row["enqueued_at"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        error=row["error"],
    )
