"""Acting on many jobs, a batch in each statement."""

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
from adapters.postgres.acting.finished_order import condition_in_order, finished_order
from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.looking.conditions import Parameters, condition, indexed_order
from adapters.postgres.schema import Schema
from application.jobs.acting import BulkOperations
from application.jobs.looking import JobFilter
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import Clock, JobState


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

    async def retry(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        if wanted.state is JobState.SCHEDULED:
            return await self._act(HASTEN, wanted, as_of, limit, now=True)
        return await self._act(REVIVE, wanted, as_of, limit, now=True)

    async def cancel(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        if wanted.state is JobState.RUNNING:
            return await self._act(REQUEST, wanted, as_of, limit, now=True)
        return await self._act(CANCEL, wanted, as_of, limit, now=True)

    async def delete(self, wanted: JobFilter, *, as_of: datetime, limit: int) -> int:
        return await self._act(DELETE_FINISHED if wanted.state in FINISHED else DELETE_WAITING, wanted, as_of, limit)

    async def _act(self, statement: str, wanted: JobFilter, as_of: datetime, limit: int, *, now: bool = False) -> int:
        parameters, has_ended = Parameters(), wanted.state in FINISHED
        pick = _pick(wanted).format(
            schema="{schema}",
            condition=(condition_in_order if has_ended else condition)(wanted, parameters),
            as_of=parameters.add(as_of),
            limit=parameters.add(limit),
            order=finished_order(wanted) if has_ended else indexed_order(wanted.state),
        )
        filled = statement.replace("{pick}", pick)
        if now:
            filled = filled.replace("{now}", f"coalesce({parameters.add(self._time.given())}, statement_timestamp())")
        number: int = await self._pool.fetchval(self._schema.sql(filled), *parameters.values)
        return number


def _pick(wanted: JobFilter) -> str:
    if wanted.state is JobState.RUNNING:
        return PICK_RUNNING
    return PICK_FINISHED if wanted.state in FINISHED else PICK_WAITING
