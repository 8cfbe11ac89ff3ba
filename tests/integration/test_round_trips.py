"""How many statements each path costs, counted and not timed. Each is one round trip."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Connection, Pool
from tests.worlds.deadline import eventually


@dataclass(frozen=True)
class SendReceipt:
    """A job."""

    order_id: int


class CountingPool:
    """A pool, and what was sent through its connections."""

    def __init__(self, pool: Pool, statements: list[str]) -> None:
        self.pool = pool
        self.statements = statements

    def count(self, *words: str) -> int:
        """Count the statements in which all of these words stand."""
        return sum(all(word in statement for word in words) for statement in self.statements)


@pytest.fixture
async def counting(database_dsn: str) -> AsyncIterator[CountingPool]:
    """Yield a pool that writes down every statement, those of the connection beside it included."""
    statements: list[str] = []

    async def count_statements(connection: Connection) -> None:
        connection.add_query_logger(lambda logged: statements.append(logged.query))

    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=10, init=count_statements) as pool:
        await pool.execute("create table receipts (order_id bigint)")
        statements.clear()
        yield CountingPool(pool, statements)


async def drained(pool: Pool) -> bool:
    """Tell whether every job has ended."""
    return not await pool.fetchval("select exists (select from arrower.jobs)")


class TestEnqueue:
    """Handing jobs over."""

    async def test_in_a_unit_of_work_adds_one_statement_to_the_transaction(self, counting: CountingPool) -> None:
        """Begin, the caller's insert, the jobs, commit."""
        queue, unit_of_work = PostgresQueue(counting.pool), PostgresUnitOfWork(counting.pool)

        async with unit_of_work as connection:
            await connection.execute("insert into receipts values (42)")
            await queue.enqueue([SendReceipt(42), SendReceipt(43)])
            await queue.enqueue(SendReceipt(44))
        await asyncio.sleep(0)  # statements are written down in the turn after they return

        assert [statement.split()[0] for statement in counting.statements[:5]] == [
            "begin",
            "insert",
            "insert",
            "insert",
            "commit",
        ]

    async def test_of_ten_thousand_jobs_is_one_statement(self, counting: CountingPool) -> None:
        """There is no limit of parameters to split them at."""
        await PostgresQueue(counting.pool).enqueue([SendReceipt(n) for n in range(10_000)])

        assert counting.count("insert into") == 1


class TestRunning:
    """Taking jobs and ending them."""

    async def test_jobs_that_write_nothing_share_claims_and_completions(self, counting: CountingPool) -> None:
        """Two thousand jobs take fewer than four hundred statements in all, and no transaction of their own."""
        queue = PostgresQueue(counting.pool)
        await queue.enqueue([SendReceipt(n) for n in range(2_000)])

        async def do_nothing(job: SendReceipt) -> None:
            await asyncio.sleep(0)

        async with queue:
            await queue.register_job_func(do_nothing)
            await eventually(lambda: drained(counting.pool))

        assert counting.count("arrower", "skip locked") + counting.count("delete from") < 400
        assert counting.count("begin; execute") == 0

    async def test_a_job_with_one_write_takes_three_round_trips_at_most(
        self, counting: CountingPool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Begin with the fence, the write, the completion with the commit."""
        # What began ahead is given back where its turn does not come in time, as on a busy machine, and begins again.
        monkeypatch.setattr("adapters.postgres.job_connections._SLICE", 60.0)
        queue, unit_of_work = PostgresQueue(counting.pool, pool_size=4), PostgresUnitOfWork(counting.pool)
        await queue.enqueue([SendReceipt(n) for n in range(200)])

        async def send_receipt(job: SendReceipt) -> None:
            async with unit_of_work as connection:
                await connection.execute("insert into receipts values ($1)", job.order_id)

        async with queue:
            await queue.register_job_func(send_receipt)
            await eventually(lambda: drained(counting.pool))

        prepared = counting.count("prepare")
        assert counting.count("insert into receipts") == 200
        # Some begin with the commit of the one before; a new session is told the statements first.
        assert counting.count("begin; execute") == 200 + prepared
        assert counting.count("execute", "commit") == 200
        assert await counting.pool.fetchval("select count(*) from receipts") == 200

    async def test_a_batch_takes_one_transaction(self, counting: CountingPool) -> None:
        """However many jobs are in it."""
        queue, unit_of_work = PostgresQueue(counting.pool, pool_size=1), PostgresUnitOfWork(counting.pool)
        await queue.enqueue([SendReceipt(n) for n in range(500)])

        async def send_receipts(jobs: list[SendReceipt]) -> None:
            async with unit_of_work as connection:
                await connection.execute(
                    "insert into receipts select unnest($1::bigint[])",
                    [job.order_id for job in jobs],
                )

        async with queue:
            await queue.register_job_func(send_receipts, batch_size=500)
            await eventually(lambda: drained(counting.pool))

        assert counting.count("insert into receipts") == 1
        assert counting.count("commit; ") == 1
        assert await counting.pool.fetchval("select count(*) from receipts") == 500
