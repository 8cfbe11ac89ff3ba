"""The plans of the statements that run all the time, at any size of the table and with old statistics."""

from collections.abc import AsyncIterator

import pytest

from adapters.postgres.claims import CLAIM, PROMOTE, RELEASE
from adapters.postgres.driver import Pool, PooledConnection
from adapters.postgres.fencing import COMPLETE_ONE, FENCE, FENCE_BATCH
from adapters.postgres.schema import Schema
from adapters.postgres.settlements import COMPLETE, RETRY, SNOOZE

NOW = "'2026-06-01 12:00+00'"
MANY = f"array{list(range(1, 301))}::bigint[], array{[1] * 300}"
ONES = ", ".join("1" * 300)
AS_TEXT = f"'{{{str(list(range(1, 301)))[1:-1]}}}', '{{{ONES}}}', '{{{ONES}}}', '{{{ONES}}}'"
HOT_STATEMENTS = {
    "claim": (CLAIM, f"'emails', 500, '{{receipt}}', 1, {NOW}, -32768, '0001-01-01 00:00+00', 0", "jobs_ready"),
    "promote": (PROMOTE, f"'emails', 1000, {NOW}", "jobs_scheduled"),
    "fence": (FENCE, "1, 1", "jobs_pkey"),
    "fence of a batch": (FENCE_BATCH, MANY, "jobs_pkey"),
    "complete": (COMPLETE_ONE, "1, 1, 0, 0", "jobs_pkey"),
    "complete a batch": (COMPLETE, AS_TEXT, "jobs_pkey"),
    "release": (RELEASE, f"{MANY}, 'emails'", "jobs_pkey"),
    "retry": (RETRY, f"1, 1, '1 s', {NOW}, {NOW}, '', '', {NOW}", "jobs_pkey"),
    "snooze": (SNOOZE, f"1, 1, '1 s', {NOW}", "jobs_pkey"),
}

_FILL = """
insert into arrower.jobs (queue, type, payload, state, run_at)
select 'emails', 'receipt', '{}', case when n % 10 = 0 then 'scheduled' else 'ready' end, now()
from generate_series(1, $1::integer) as n"""


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[PooledConnection]:
    """Yield a session of a database in which nothing changes by itself."""
    async with pool.acquire() as connection:
        await connection.execute("alter table arrower.jobs set (autovacuum_enabled = off)")
        await connection.execute("alter table arrower.jobs disable trigger jobs_enqueued")
        yield connection


async def check_plans(connection: PooledConnection) -> None:
    """Assert that every hot statement looks its jobs up, planned for its parameters or for any."""
    for mode in ("force_generic_plan", "force_custom_plan"):
        await connection.execute(f"set plan_cache_mode = {mode}")
        await check_plans_of(connection)


async def check_plans_of(connection: PooledConnection) -> None:
    """Assert it for one way of planning."""
    for number, (name, (statement, arguments, index)) in enumerate(HOT_STATEMENTS.items()):
        prepared = f"hot_{number}"
        await connection.execute(f"prepare {prepared} as {Schema().sql(statement)}")
        rows = await connection.fetch(f"explain execute {prepared} ({arguments})")
        plan = "\n".join(row[0] for row in rows)
        await connection.execute(f"deallocate {prepared}")

        assert index in plan, f"{name} does not use {index}:\n{plan}"
        assert "Seq Scan on jobs" not in plan, f"{name} reads the whole table:\n{plan}"


class TestPlans:
    """Every hot statement finds its rows by an index."""

    async def test_in_an_empty_table_that_was_never_analyzed(self, connection: PooledConnection) -> None:
        """This is the plan that is kept when the first jobs come."""
        await check_plans(connection)

    async def test_in_an_empty_table_that_was_vacuumed(self, connection: PooledConnection) -> None:
        """Vacuum says that there is nothing in it; the next minute there may be a million."""
        await connection.execute("vacuum analyze arrower.jobs")

        await check_plans(connection)

    async def test_with_ten_thousand_jobs(self, connection: PooledConnection) -> None:
        """With fresh statistics."""
        await connection.execute(_FILL, 10_000)
        await connection.execute("vacuum analyze arrower.jobs")

        await check_plans(connection)

    async def test_with_a_million_jobs_and_statistics_of_an_empty_table(self, connection: PooledConnection) -> None:
        """A flood comes faster than autovacuum; and then with statistics of the flood."""
        await connection.execute("vacuum analyze arrower.jobs")
        await connection.execute(_FILL, 1_000_000)

        await check_plans(connection)

        await connection.execute("analyze arrower.jobs")
        await check_plans(connection)

    async def test_with_statistics_from_before_the_claim(self, connection: PooledConnection) -> None:
        """They say that no job is running."""
        await connection.execute(_FILL, 30_000)
        await connection.execute("vacuum analyze arrower.jobs")
        await connection.execute("update arrower.jobs set state = 'running', worker = 1 where id <= 1000")

        await check_plans(connection)

    async def test_in_an_empty_table_with_statistics_of_a_million_jobs(self, connection: PooledConnection) -> None:
        """The flood is over, and nobody has told the planner."""
        await connection.execute(_FILL, 100_000)
        await connection.execute("analyze arrower.jobs")
        await connection.execute("delete from arrower.jobs")

        await check_plans(connection)
