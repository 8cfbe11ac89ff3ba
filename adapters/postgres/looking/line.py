"""The jobs of one filter in the order of their list, read piece by piece."""

from abc import abstractmethod
from typing import Protocol

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition, indexed_part
from adapters.postgres.looking.list_order import ListOrder
from adapters.postgres.looking.rows_of_jobs import FINISHED, LIVE
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter, Position
from application.jobs.looking.job_filter import FINISHED as FINISHED_STATES
from domain.jobs import JobState

FEW = 20_000
"""So many rows are sorted where an index finds them in another order."""

MOST_READ = 50_000
"""Of more, so many are read in their order, and those that match are picked."""

_READ_BY_TIME = (None, JobState.COMPLETED)


class Line(Protocol):
    """Builds the statements. None of them reads more than a bound, however many jobs there are."""

    order: ListOrder

    @abstractmethod
    async def fetch(
        self, connection: PooledConnection, show: str, after: Position | None, limit: int
    ) -> list[asyncpg.Record]:
        """Return up to `limit` rows that match, with what `show` selects."""

    @abstractmethod
    async def read_until(self, connection: PooledConnection, after: Position | None) -> Position | None:
        """Return up to where `fetch` has read when it found less than it was to; None: to the end."""


class LineByTime(Line):
    """Jobs in order of their end, or of their enqueue."""

    def __init__(self, wanted: JobFilter, schema: Schema, *, newest_first: bool, most_read: int) -> None:
        self.order = ListOrder(wanted.state, newest_first=newest_first)
        self._wanted = wanted
        self._most_read = most_read
        self._schema = schema
        self._has_ended = wanted.state in FINISHED_STATES

    async def fetch(
        self, connection: PooledConnection, show: str, after: Position | None, limit: int
    ) -> list[asyncpg.Record]:
        parameters = Parameters()
        few = await self._is_few(connection)
        source = self._found(parameters) if few else self._read(parameters, after)
        statement = f"""
        with source as {"materialized" if few else ""} ({source}), page as (
            select * from source
            where {condition(self._wanted, parameters)} and {self.order.follows(parameters, after)}
            {self.order.by} limit {parameters.add(limit)}::bigint
        ) {self._schema.sql(show)} {self.order.by}"""
        return await connection.fetch(statement, *parameters.values)

    async def read_until(self, connection: PooledConnection, after: Position | None) -> Position | None:
        if await self._is_few(connection):
            return None
        parameters = Parameters()
        row = await connection.fetchrow(
            f"select id, finished_at from ({self._read(parameters, after)}) as source "
            f"{self.order.by} offset {self._most_read - 1} limit 1",
            *parameters.values,
        )
        return None if row is None else self.order.position(row)

    async def _is_few(self, connection: PooledConnection) -> bool:
        if self._wanted.state in _READ_BY_TIME:
            return False
        if self._wanted.state is JobState.RUNNING:
            return True  # no more than what the workers can hold
        parameters = Parameters()
        found = f"select 1 from {self._table()} where {condition(indexed_part(self._wanted), parameters)}"
        number: int = await connection.fetchval(
            f"select count(*) from ({found} limit {FEW + 1}) as bounded", *parameters.values
        )
        return number <= FEW

    def _found(self, parameters: Parameters) -> str:
        select = self._schema.sql(FINISHED if self._has_ended else LIVE)
        return f"{select} where {condition(indexed_part(self._wanted), parameters)}"

    def _read(self, parameters: Parameters, after: Position | None) -> str:
        state = JobFilter(state=self._wanted.state)
        where = f"{condition(state, parameters)} and {self.order.follows(parameters, after)}"
        selects = [FINISHED] if self._has_ended else [LIVE, FINISHED]
        parts = [
            f"({self._schema.sql(select)} where {where} {self.order.by} limit {self._most_read})" for select in selects
        ]
        return f"select * from ({' union all '.join(parts)}) as both_tables {self.order.by} limit {self._most_read}"

    def _table(self) -> str:
        return self._schema.sql("{schema}.finished_jobs")
