"""Counting up to a bound, and estimating beyond it."""

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.conditions import Parameters, condition, indexed_order, indexed_part, rest_condition
from adapters.postgres.looking.planner import analyzed_rows, planned_rows
from adapters.postgres.looking.queue_counts import QueueCounts
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import JobState

MOST_READ = 100_000
"""Rows that are looked at for one number."""


async def count_matching(connection: PooledConnection, schema: Schema, wanted: JobFilter) -> Count:
    """Count the jobs that match: exactly where few rows must be read for it, else by what is known of the queues."""
    number, exact = 0, True
    for state_wanted, table in _parts_of(wanted):
        counted = await _Counting(connection, schema, table, state_wanted).count()
        number, exact = number + counted, exact and counted.exact
    return Count(number, exact=exact)


def _parts_of(wanted: JobFilter) -> list[tuple[JobFilter, str]]:
    if wanted.state is None:
        return [(wanted, "jobs"), (wanted, "finished_jobs")]
    return [(wanted, "finished_jobs" if wanted.state in FINISHED else "jobs")]


class _Counting:
    """Counts in one table."""

    def __init__(self, connection: PooledConnection, schema: Schema, table: str, wanted: JobFilter) -> None:
        self._connection = connection
        self._schema = schema
        self._table = table
        self._quoted = schema.sql(f"{{schema}}.{table}")
        self._wanted = wanted

    async def count(self) -> Count:
        read, fitting = await self._bounded()
        if read <= MOST_READ:
            return Count(fitting)
        return Count(max(fitting, await self._estimate(read, fitting)), exact=False)

    async def _bounded(self) -> tuple[int, int]:
        parameters = Parameters()
        fits = rest_condition(self._wanted, parameters)
        found = condition(indexed_part(self._wanted), parameters)
        order = indexed_order(self._wanted.state)
        row = await self._connection.fetchrow(
            f"""
            select count(*) as read, count(*) filter (where fits) as fitting from (
                select {fits} as fits from {self._quoted} where {found} {order} limit {MOST_READ + 1}
            ) as bounded""",
            *parameters.values,
        )
        return (0, 0) if row is None else (row["read"], row["fitting"])

    async def _estimate(self, read: int, fitting: int) -> int:
        analyzed = await analyzed_rows(self._connection, self._schema, self._table)
        if self._wanted.text is None and analyzed is not None:
            return await self._expected(self._wanted)
        # Nobody knows how often a text occurs, or anything of a new table: those that were read are a sample.
        return await self._expected(indexed_part(self._wanted)) * fitting // read

    async def _expected(self, wanted: JobFilter) -> int:
        plain = JobFilter(queue=wanted.queue, state=wanted.state)
        in_queues = await self._in_queues(plain)
        return in_queues if wanted == plain else in_queues * await self._planned(wanted) // await self._planned(plain)

    async def _planned(self, wanted: JobFilter) -> int:
        return max(await planned_rows(self._connection, self._quoted, wanted), 1)

    async def _in_queues(self, plain: JobFilter) -> int:
        counts = QueueCounts(self._schema)
        states = [plain.state] if plain.state else [state for state in JobState if _table_of(state) == self._table]
        rows = [row for row in await counts.rows(self._connection) if plain.queue in (None, row["name"])]
        numbers = [await counts.states(self._connection, row) for row in rows]
        return sum(number[state] for number in numbers for state in states)


def _table_of(state: JobState) -> str:
    return "finished_jobs" if state in FINISHED else "jobs"
