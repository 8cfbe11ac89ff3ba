"""Numbers of jobs that are too many to be counted."""

import pytest

from adapters.postgres.driver import Pool
from domain.jobs import JobState
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually

_FILL = """
insert into arrower.jobs (queue, type, payload, state, run_at)
select $1, 'receipt', '{}', $2, now() from generate_series(1, $3::integer)"""


async def _fill(pool: Pool, queue: str, state: JobState, number: int) -> None:
    await pool.execute(_FILL, queue, state.value, number)


async def _live(pool: Pool) -> int:
    """Return how many rows the server has heard of."""
    await pool.execute("select pg_stat_clear_snapshot()")
    number: int = await pool.fetchval("select n_live_tup from pg_stat_user_tables where relname = 'jobs'")
    return number


@pytest.mark.parametrize("analyzed_before", [False, True])
async def test_they_follow_what_was_enqueued_before_any_analyze(world: PostgresWorld, *, analyzed_before: bool) -> None:
    """Whether the planner knows nothing, or only what was there an hour ago."""
    pool = world.pool
    await pool.execute("alter table arrower.jobs set (autovacuum_enabled = off)")
    await pool.execute("alter table arrower.jobs disable trigger jobs_enqueued")
    await _fill(pool, "few", JobState.READY, 1_000)
    await _fill(pool, "many", JobState.SCHEDULED, 9_000)
    if analyzed_before:
        await pool.execute("analyze arrower.jobs")
    await _fill(pool, "many", JobState.READY, 90_000)
    await eventually(lambda: _all_are_known(pool, 100_000))

    few, many = await world.room.queues()

    assert (few.counts[JobState.READY], many.counts[JobState.SCHEDULED]) == (1_000, 9_000)
    assert few.counts[JobState.READY].exact
    assert not many.counts[JobState.READY].exact
    assert 60_000 <= many.counts[JobState.READY] <= 120_000


async def _all_are_known(pool: Pool, number: int) -> bool:
    return await _live(pool) >= number
