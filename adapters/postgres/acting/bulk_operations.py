"""Acting on many jobs, a batch in each statement."""

from collections.abc import Sequence
from datetime import datetime

from adapters.postgres.acting.bulk_statements import (
    CANCEL,
    DELETE_FINISHED,
    DELETE_WAITING,
    HASTEN,
    PICK_FINISHED,
    PICK_RUNNING,
    PICK_WAITING,
    REQUEST,
    REVIVE,
)
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from application.jobs.acting import BulkOperations
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import Clock, JobId, JobState


class PostgresBulkOperations(BulkOperations):
    """Acts through any pool of the database; each batch is its own transaction."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Act on the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._time = DatabaseTime(clock)
        self._schema = Schema(schema)

    async def now(self) -> datetime:
        now: datetime = await self._pool.fetchval("select coalesce($1, statement_timestamp())", self._time.given())
        return now

    async def retry(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        statement = HASTEN if state is JobState.SCHEDULED else REVIVE
        return await self._act(statement, jobs, state, as_of, self._time.given())

    async def cancel(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        statement = REQUEST if state is JobState.RUNNING else CANCEL
        return await self._act(statement, jobs, state, as_of, self._time.given())

    async def delete(self, jobs: Sequence[JobId], state: JobState, *, as_of: datetime) -> int:
        return await self._act(DELETE_FINISHED if state in FINISHED else DELETE_WAITING, jobs, state, as_of)

    async def _act(
        self, statement: str, jobs: Sequence[JobId], state: JobState, as_of: datetime, *now: datetime | None
    ) -> int:
        filled = self._schema.sql(statement.replace("{pick}", _pick(state)))
        number: int = await self._pool.fetchval(filled, jobs, state.value, as_of, *now)
        return number


def _pick(state: JobState) -> str:
    if state is JobState.RUNNING:
        return PICK_RUNNING
    return PICK_FINISHED if state in FINISHED else PICK_WAITING
