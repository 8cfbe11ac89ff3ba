"""What the server's statistics say of one table, and not of others."""

from datetime import UTC, datetime, timedelta

from adapters.postgres import migrate
from adapters.postgres.driver import Pool
from adapters.postgres.ended import too_many
from adapters.postgres.looking.planner import analyzed_rows, live_rows, planned_rows
from adapters.postgres.schema import Schema
from application.jobs.looking import JobFilter
from tests.worlds.deadline import eventually

OURS, THEIRS = Schema("arrower"), Schema("second")
_FILL = """
insert into {schema}.jobs (queue, type, payload) select $1, 'receipt', '{}' from generate_series(1, $2::integer)"""
_NOT_BY_ITSELF = "alter table {schema}.jobs set (autovacuum_enabled = off)"


async def _two_schemas(pool: Pool) -> None:
    await migrate(pool, schema=THEIRS.name)
    for schema in (OURS, THEIRS):
        await pool.execute(schema.sql(_NOT_BY_ITSELF))
        await pool.execute(schema.sql(_NOT_BY_ITSELF).replace(".jobs", ".finished_jobs"))


async def test_a_table_is_that_of_its_schema(pool: Pool) -> None:
    """One was analyzed, and one of the same name beside it was not."""
    await _two_schemas(pool)
    await pool.execute(OURS.sql(_FILL), "mail", 70)
    await pool.execute(THEIRS.sql(_FILL), "mail", 30)
    await pool.execute("analyze arrower.jobs")

    async with pool.acquire() as connection:
        assert await analyzed_rows(connection, OURS, "jobs") == 70
        assert await analyzed_rows(connection, OURS, "finished_jobs") is None
        assert await analyzed_rows(connection, THEIRS, "jobs") is None

        async def are_known() -> bool:
            live = await live_rows(connection, OURS, "jobs"), await live_rows(connection, THEIRS, "jobs")
            return live == (70, 30)

        await eventually(are_known)


async def test_a_server_that_has_forgotten_its_figures_tells_none(pool: Pool) -> None:
    """It counts from nothing then, and what it counts are the changes since."""
    await _two_schemas(pool)
    await pool.execute(OURS.sql(_FILL), "mail", 70)
    await pool.execute("vacuum analyze arrower.jobs")
    await pool.execute("select pg_stat_reset()")
    await pool.execute(OURS.sql(_FILL), "mail", 5)
    await eventually(lambda: _counts(pool))

    async with pool.acquire() as connection:
        assert await live_rows(connection, OURS, "jobs") == 0


async def _counts(pool: Pool) -> bool:
    count = "select n_live_tup > 0 from pg_stat_all_tables where relid = 'arrower.jobs'::regclass"
    return bool(await pool.fetchval(count))


async def test_a_plan_is_that_of_the_filter(pool: Pool) -> None:
    """And not of all rows."""
    await pool.execute(OURS.sql(_FILL), "mail", 20)
    await pool.execute(OURS.sql(_FILL), "paper", 980)
    await pool.execute("analyze arrower.jobs")

    async with pool.acquire() as connection:
        assert await planned_rows(connection, "arrower.jobs", JobFilter(queue="mail")) < 100


async def test_a_stretch_is_full_of_what_ended_in_it(pool: Pool) -> None:
    """And not of what ended before, jobs or attempts."""
    since = datetime.now(UTC)
    await pool.execute(
        "insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,"
        " enqueued_at, finished_at) select n, '', 'receipt', '{}', 0, $1, 'completed', 1, 1, 0, $1, $1"
        " from generate_series(1, 5) as n",
        since - timedelta(hours=1),
    )
    await pool.execute(
        "insert into arrower.attempts (job_id, attempt, started_at, finished_at, outcome, error, traceback)"
        " select n, 1, $1, $1, 'failed', 'no luck', '' from generate_series(1, 5) as n",
        since - timedelta(hours=1),
    )
    full = OURS.sql(f"select {too_many('$1::timestamptz', '$2::integer')}")

    assert await pool.fetchval(full, since, 2) is None
    assert await pool.fetchval(full, since - timedelta(hours=2), 2) is not None
