"""The jobs that wait, in the order in which they start or are due."""

import asyncpg

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition
from adapters.postgres.looking.distinct_queues import distinct_queues
from adapters.postgres.looking.line import Line
from adapters.postgres.looking.list_order import ListOrder
from adapters.postgres.looking.rows_of_jobs import LIVE
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter, Position
from domain.jobs import JobState

_MOST_READ = 10_000
"""So many rows are read of all queues together, where those that match have to be picked."""

_LEAST_SHARE = 50


class WaitingLine(Line):
    """Reads of each queue a share, in the order of its index, and puts them together.

    Where a queue has more than its share, what lies beyond the last one that was read of it is not known, and left
    for the next stretch.
    """

    def __init__(self, wanted: JobFilter, state: JobState, schema: Schema, *, newest_first: bool) -> None:
        self.order = ListOrder(state, newest_first=newest_first)
        self._wanted = wanted
        self._picks = wanted.type is not None or wanted.text is not None
        self._state = f"state = '{state.value}'"  # a literal, so that partial indexes match
        self._schema = schema

    async def fetch(
        self, connection: PooledConnection, show: str, after: Position | None, limit: int
    ) -> list[asyncpg.Record]:
        parameters = Parameters()
        read = await self._read(connection, parameters, after, limit)
        here, there = self.order.row("source"), self.order.row("horizon")
        statement = f"""
        {read}, page as (
            select * from source where {condition(self._wanted, parameters)}
              and not exists (select from horizon where {here} {self.order.beyond} {there})
            {self.order.by} limit {parameters.add(limit)}::bigint
        ) {self._schema.sql(show)} {self.order.by}"""
        return await connection.fetch(statement, *parameters.values)

    async def read_until(self, connection: PooledConnection, after: Position | None) -> Position | None:
        if not self._picks:
            return None
        parameters = Parameters()
        read = await self._read(connection, parameters, after, 0)
        row = await connection.fetchrow(f"{read} select * from horizon", *parameters.values)
        return None if row is None else self.order.position(row)

    async def _read(
        self, connection: PooledConnection, parameters: Parameters, after: Position | None, limit: int
    ) -> str:
        names = await self._names(connection)
        share = parameters.add(max(_MOST_READ // max(len(names), 1), _LEAST_SHARE) if self._picks else limit)
        return f"""
        with source as materialized (
            select job.* from unnest({parameters.add(names)}::text[]) as name cross join lateral (
                {self._schema.sql(LIVE)}
                where {self._state} and queue = name and {self.order.follows(parameters, after)}
                {self.order.by} limit {share}::bigint
            ) as job
        ), ends as (
            select distinct on (queue) * from source
            where queue in (select queue from source group by queue having count(*) >= {share}::bigint)
            order by queue, {self.order.backwards}
        ), horizon as (
            select priority, run_at, id from ends {self.order.by} limit 1
        )"""

    async def _names(self, connection: PooledConnection) -> list[str]:
        if self._wanted.queue is not None:
            return [self._wanted.queue]
        rows = await connection.fetch(self._schema.sql(distinct_queues("jobs", self._state)))
        return [row["queue"] for row in rows]
