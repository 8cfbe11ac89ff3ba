"""What looking reads where very many jobs died a moment ago, and neither the counting nor the planner knows of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.postgres.driver import Pool
from adapters.postgres.looking.queue_figures import PostgresQueueFigures
from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from adapters.postgres.surveys import Surveys
from domain.jobs import JobState
from tests.integration.reading import Statement, rows_read, scans, watched_pool
from tests.worlds import PostgresWorld

FLOOD = 130_000
FEW, COUNTED = 21_000, 101_000
"""Rows that one scan may read: the bounds of the adapter."""

_END = """
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,
    enqueued_at, started_at, finished_at)
select n, case n % 4 when 0 then 'few' else 'many' end, 'receipt', '{}', 0, now(), $1, 25, 25, 0, at, at, at
from generate_series($2::integer, $3::integer) as n, lateral (select now() - $4 * interval '1 hour' as at) as ended"""
_FAIL = f"""
insert into arrower.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select n, 25, 1, now(), now(), 'failed', '', '' from generate_series(1, {FLOOD}) as n"""

SINCE = datetime.now(UTC) - timedelta(hours=1)
LOOKS: dict[str, tuple[int, Callable[[Pool], Awaitable[object]]]] = {
    "survey": (COUNTED, lambda pool: Surveys(pool, Schema(), None).survey()),
    "queues": (COUNTED, lambda pool: PostgresQueueFigures(pool).queues(timedelta(minutes=5))),
    "throughput": (FEW, lambda pool: PostgresQueueFigures(pool).throughput(SINCE, step=timedelta(minutes=1))),
    "throughput by queue": (
        FEW,
        lambda pool: PostgresQueueFigures(pool).throughput_by_queue(SINCE, step=timedelta(minutes=1)),
    ),
}


@pytest.fixture
async def flooded(world: PostgresWorld) -> PostgresWorld:
    """Return a world in which the planner knows of some completed jobs, and of no other."""
    for table in ("finished_jobs", "attempts"):
        await world.pool.execute(f"alter table arrower.{table} set (autovacuum_enabled = off)")
    await world.pool.execute(_END, "completed", -FLOOD, -1, 1)
    await world.pool.execute(_END, "cancelled", -2 * FLOOD, -2 * FLOOD + 10_000, 0)
    await world.pool.execute("analyze arrower.finished_jobs; analyze arrower.attempts")
    await world.pool.execute(_END, "dead", 1, FLOOD, 0)
    await world.pool.execute(_FAIL)
    return world


@pytest.mark.parametrize("name", LOOKS)
async def test_it_reads_a_bounded_number_of_rows(name: str, flooded: PostgresWorld, database_dsn: str) -> None:
    """A look that waited for the counting would be late each time; one that counted by itself would read them all."""
    statements: list[Statement] = []
    most, look = LOOKS[name]
    async with watched_pool(database_dsn, statements) as pool:
        await look(pool)

    for statement, scan in await scans(database_dsn, statements):
        assert rows_read(scan) <= most, f"{scan}\n{statement.text}"


async def test_the_numbers_of_a_survey_are_exact_up_to_its_bound(flooded: PostgresWorld) -> None:
    """And beyond it no less than what was read."""
    few, many = (await Surveys(flooded.pool, Schema(), None).survey()).queues

    assert (few.queue, few.states[JobState.DEAD]) == ("few", FLOOD // 4)
    assert many.states[JobState.DEAD] >= 50_000


async def test_the_dead_are_counted_a_stretch_at_a_time(flooded: PostgresWorld) -> None:
    """As all that ends: a step that took them at once would take long."""
    await flooded.pool.execute("update arrower.statistics_progress set counted_until = now() - interval '1 day'")
    await flooded.pool.execute(_END, "dead", FLOOD + 1, FLOOD + 60_000, 3)
    store = PostgresStore(flooded.pool, "", Schema(), None, timedelta(hours=1))

    assert await store.count_ended(), "what comes before"
    assert await store.count_ended(), "the ten seconds that are too many"
    assert await flooded.pool.fetchval("select sum(dead) from arrower.statistics") == 60_000
