"""How many jobs of each queue have completed or were cancelled.

They have no index by queue, which would cost every job: a short history is read, a long one estimated.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adapters.postgres.driver import PooledConnection
from adapters.postgres.looking.planner import analyzed_rows, live_rows, planned_rows
from adapters.postgres.schema import Schema
from application.jobs.looking import Count, JobFilter
from domain.jobs import JobState

# Of cancelled ones an index tells which they are, but not of which queue: each costs a look at its row.
_MOST_READ = {JobState.COMPLETED: 100_000, JobState.CANCELLED: 20_000}
_TOO_LONG = 300_000
"""Rows of the table beyond which it is not tried."""


class HistoryCounts(NamedTuple):
    """The numbers of one state."""

    state: JobState
    by_queue: Mapping[str, int]
    exact: bool
    are_all_known: bool
    """Whether the planner knows nothing better."""

    async def of(self, connection: PooledConnection, schema: Schema, queue: str) -> Count:
        """Return how many there are of a queue."""
        number = self.by_queue.get(queue, 0)
        if self.are_all_known:
            return Count(number, exact=self.exact)
        wanted = JobFilter(queue=queue, state=self.state)
        planned = await planned_rows(connection, schema.sql("{schema}.finished_jobs"), wanted)
        return Count(max(number, planned), exact=False)


async def history_counts(
    connection: PooledConnection, schema: Schema, state: JobState, *, beside: int
) -> HistoryCounts:
    """Count the jobs of a state, completed or cancelled. `beside` them, so many finished jobs are known of."""
    analyzed = await analyzed_rows(connection, schema, "finished_jobs")
    if state is JobState.COMPLETED and (analyzed or 0) > _TOO_LONG:
        return HistoryCounts(state, {}, exact=False, are_all_known=False)
    rows = await connection.fetch(schema.sql(_history(state)))
    by_queue = {row["queue"]: row["number"] for row in rows}
    read = sum(by_queue.values())
    if read <= _MOST_READ[state]:
        return HistoryCounts(state, by_queue, exact=True, are_all_known=True)
    if state is JobState.CANCELLED or analyzed is not None:
        return HistoryCounts(state, by_queue, exact=False, are_all_known=False)
    # In a table so new that it was never analyzed, those that were read stand for all.
    all_rows = max(await live_rows(connection, schema, "finished_jobs") - beside, read)
    scaled = {queue: number * all_rows // read for queue, number in by_queue.items()}
    return HistoryCounts(state, scaled, exact=False, are_all_known=True)


# The index by time has both states, and the planner takes them for evenly mixed: it would read millions of completed
# jobs to find those that were cancelled a moment ago. This condition does not tell it that it could use that index.
_CONDITION = {
    JobState.COMPLETED: "state = 'completed'",
    JobState.CANCELLED: "state in ('cancelled', 'dead') and state < 'dead'",
}


def _history(state: JobState) -> str:
    return f"""
    select queue, count(*) as number
    from (select queue from {{schema}}.finished_jobs where {_CONDITION[state]}
          limit {_MOST_READ[state] + 1}) as bounded
    group by queue"""
