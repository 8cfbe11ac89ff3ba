"""What the demo sees of the queue while it works."""

from datetime import datetime, timedelta
from typing import NamedTuple

from adapters.postgres.driver import Pool

_PROGRESS = """
select (select count(*) from arrower.finished_jobs)::int as done, (select count(*) from arrower.jobs)::int as left"""

_PRESENT = """
select count(*)::int from arrower.workers where pid = any ($1::integer[]) and left_at is null and died_at is null"""

_IN_HAND = """
select count(*)::int from arrower.jobs
where state = 'running' and worker in (select id from arrower.workers where pid = $1)"""

_FOUND_DEAD_AFTER = """
select max(died_at) - $2::timestamptz from arrower.workers where pid = $1"""


class Progress(NamedTuple):
    """Jobs."""

    done: int
    left: int


class Watch:
    """Looks into the tables of the queue."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def progress(self) -> Progress:
        """Count the jobs that are finished, and those that are not."""
        (row,) = await self._pool.fetch(_PROGRESS)
        return Progress(row["done"], row["left"])

    async def pools_present(self, pids: list[int]) -> int:
        """Count the worker pools that have registered in these processes."""
        number: int = await self._pool.fetchval(_PRESENT, pids)
        return number

    async def in_hand(self, pid: int) -> int:
        """Count the jobs that a process owns."""
        number: int = await self._pool.fetchval(_IN_HAND, pid)
        return number

    async def now(self) -> datetime:
        """Return the database's time."""
        now: datetime = await self._pool.fetchval("select clock_timestamp()")
        return now

    async def found_dead_after(self, pid: int, killed_at: datetime) -> timedelta | None:
        """Return how long it took the others to notice; None where they have not."""
        after: timedelta | None = await self._pool.fetchval(_FOUND_DEAD_AFTER, pid, killed_at)
        return after
