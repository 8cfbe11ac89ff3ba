"""Numbers of jobs that are too many to be counted."""

import pytest

from adapters.postgres.driver import Pool
from application.jobs.looking import JobFilter
from domain.jobs import JobState
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually

_FILL = """
insert into arrower.jobs (queue, type, payload, state, run_at)
select $1, 'receipt', '{}', $2, now() from generate_series(1, $3::integer)"""


async def _fill(pool: Pool, queue: str, state: JobState, number: int) -> None:
    await pool.execute(_FILL, queue, state.value, number)


async def _live(pool: Pool, table: str) -> int:
    """Return how many rows the server has heard of."""
    await pool.execute("select pg_stat_clear_snapshot()")
    number: int = await pool.fetchval("select n_live_tup from pg_stat_user_tables where relname = $1", table)
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


async def _all_are_known(pool: Pool, number: int, table: str = "jobs") -> bool:
    return await _live(pool, table) >= number


_ENDED = """
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,
    enqueued_at, started_at, finished_at, error_kind)
select n, case n % 4 when 0 then 'few' else 'many' end, 'type' || n % 3, '{}', 0, now(), $1, 1, 1, 0,
    now(), now(), now(), case $1 when 'dead' then 'error of type' || n % 3 end
from generate_series($2::integer, $3::integer) as n"""


async def test_they_follow_what_ended_before_any_analyze(world: PostgresWorld) -> None:
    """Those that can be read in a moment stand for all."""
    pool = world.pool
    await pool.execute("alter table arrower.finished_jobs set (autovacuum_enabled = off)")
    for queue in ("few", "many"):
        await world.room.pause(queue)
    await pool.execute(_ENDED, "completed", 1, 140_000)
    await eventually(lambda: _all_are_known(pool, 140_000, "finished_jobs"))

    few, many = await world.room.queues()
    every_one = await world.room.jobs.count(JobFilter(state=JobState.COMPLETED))

    assert not few.counts[JobState.COMPLETED].exact
    assert 30_000 <= few.counts[JobState.COMPLETED] <= 40_000
    assert 90_000 <= many.counts[JobState.COMPLETED] <= 120_000
    assert not every_one.exact
    assert 120_000 <= every_one <= 150_000


async def test_the_planner_knows_which_errors_jobs_of_a_type_die_of(world: PostgresWorld) -> None:
    """It would take them for a part of those of any type, and the dead for a part of all."""
    await world.pool.execute(_ENDED, "completed", 1, 60_000)
    await world.pool.execute(_ENDED, "dead", 60_001, 210_000)
    await world.pool.execute("analyze arrower.finished_jobs")

    groups = await world.room.dead()

    assert len(groups) == 3
    for group in groups:
        assert not group.count.exact
        assert 40_000 <= group.count <= 60_000
