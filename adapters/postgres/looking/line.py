"""The jobs of one filter in their order, read piece by piece."""

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition, indexed_order, indexed_part
from adapters.postgres.looking.instants import within_python
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter, Position
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import JobId, JobState

FEW = 20_000
"""So many rows are sorted where an index finds them in another order."""

MOST_READ = 50_000
"""Of more, so many are read in their order, and those that match are picked."""

_LIVE = """
select id, queue, type, payload, state, priority, attempt, run_at, enqueued_at,
       coalesce(started_at, claimed_at) as started_at, worker, null::timestamptz as finished_at,
       null::text as error_kind
from {schema}.jobs"""

_FINISHED = """
select id, queue, type, payload, state, priority, attempt, run_at, enqueued_at,
       started_at, worker, finished_at, error_kind
from {schema}.finished_jobs"""

_SHOW = f"""
select id, queue, type, left(payload::text, 500) as payload, state, priority, attempt,
       {within_python("run_at", "run_at")}, {within_python("enqueued_at", "enqueued_at")},
       case when state not in ('scheduled', 'ready') then started_at end as started_at, finished_at,
       case when attempt > 0 and state in ('scheduled', 'ready', 'dead') then (
           select error from {{schema}}.attempts as ended where job_id = page.id
           order by ended.started_at desc, ended.attempt desc limit 1
       ) end as error
from page"""


class Line:
    """Builds the statements. None of them reads more than a bound, however many jobs there are."""

    def __init__(self, wanted: JobFilter, schema: Schema, *, newest_first: bool) -> None:
        self._wanted = wanted
        self._schema = schema
        self._by_end = wanted.state in FINISHED
        self._direction, self._beyond = ("desc", "<") if newest_first else ("asc", ">")

    async def fetch(self, connection: PooledConnection, after: Position | None, limit: int) -> list[asyncpg.Record]:
        """Return up to `limit` rows that match."""
        parameters = Parameters()
        few = await self._is_few(connection)
        source = self._found(parameters) if few else self._read(parameters, after)
        statement = f"""
        with source as {"materialized" if few else ""} ({source}), page as (
            select * from source where {condition(self._wanted, parameters)} and {self._follows(parameters, after)}
            {self._order} limit {parameters.add(limit)}::bigint
        ) {self._schema.sql(_SHOW)} {self._order}"""
        return await connection.fetch(statement, *parameters.values)

    async def read_until(self, connection: PooledConnection, after: Position | None) -> Position | None:
        """Return up to where `fetch` has read when it found less than it was to; None: to the end."""
        if await self._is_few(connection):
            return None
        parameters = Parameters()
        row = await connection.fetchrow(
            f"select id, finished_at from ({self._read(parameters, after)}) as source "
            f"{self._order} offset {MOST_READ - 1} limit 1",
            *parameters.values,
        )
        return None if row is None else self.position(row)

    def position(self, row: asyncpg.Record) -> Position:
        """Return the place of a row."""
        return Position(row["finished_at"] if self._by_end else None, JobId(row["id"]))

    async def _is_few(self, connection: PooledConnection) -> bool:
        if self._wanted.state in (None, JobState.COMPLETED):
            return False
        parameters = Parameters()
        found = f"select 1 from {self._table()} where {condition(indexed_part(self._wanted), parameters)}"
        number: int = await connection.fetchval(
            f"select count(*) from ({found} {indexed_order(self._wanted.state)} limit {FEW + 1}) as bounded",
            *parameters.values,
        )
        return number <= FEW

    def _found(self, parameters: Parameters) -> str:
        select = self._schema.sql(_FINISHED if self._by_end else _LIVE)
        return f"{select} where {condition(indexed_part(self._wanted), parameters)}"

    def _read(self, parameters: Parameters, after: Position | None) -> str:
        state = JobFilter(state=self._wanted.state)
        where = f"{condition(state, parameters)} and {self._follows(parameters, after)}"
        selects = [_LIVE, _FINISHED] if self._wanted.state is None else [_FINISHED if self._by_end else _LIVE]
        parts = [f"({self._schema.sql(select)} where {where} {self._order} limit {MOST_READ})" for select in selects]
        return f"select * from ({' union all '.join(parts)}) as both_tables {self._order} limit {MOST_READ}"

    def _table(self) -> str:
        return self._schema.sql("{schema}.finished_jobs" if self._by_end else "{schema}.jobs")

    def _follows(self, parameters: Parameters, after: Position | None) -> str:
        if after is None:
            return "true"
        number = parameters.add(after.id)
        if not self._by_end:
            return f"id {self._beyond} {number}::bigint"
        return f"(finished_at, id) {self._beyond} ({parameters.add(after.at)}::timestamptz, {number}::bigint)"

    @property
    def _order(self) -> str:
        columns = ("finished_at", "id") if self._by_end else ("id",)
        return "order by " + ", ".join(f"{column} {self._direction}" for column in columns)
