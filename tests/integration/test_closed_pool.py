"""The application closes the pool while a queue works on it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Pool
from domain.jobs import current_job
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt

_STATES = """
select state, attempt, count(*) from (
    select state, attempt from arrower.jobs union all select state, attempt from arrower.finished_jobs) as job
group by 1, 2 order by 1, 2"""
_WRITTEN = "select count(*), count(distinct job) from effects"
_MANY = 600


@pytest.fixture
async def closing(database_dsn: str) -> AsyncIterator[Pool]:
    """Yield the pool that will be closed."""
    async with asyncpg.create_pool(database_dsn, min_size=0, max_size=4) as pool:
        await pool.execute("create table effects (job bigint)")
        yield pool


async def close(pool: Pool, *, forced: bool) -> None:
    """Let the connections come back first, or not."""
    if forced:
        pool.terminate()
    else:
        await within(pool.close())


def alarms(caplog: pytest.LogCaptureFixture) -> Sequence[str]:
    """Return what the log warns of, but for a count that may have been under way when the pool was closed."""
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    return [warning for warning in warnings if not warning.startswith("counting what ended ")]


@pytest.mark.parametrize("forced", [False, True], ids=["closed", "terminated"])
async def test_the_queue_says_so_once_stops_and_loses_nothing(
    pool: Pool, closing: Pool, caplog: pytest.LogCaptureFixture, *, forced: bool
) -> None:
    """Jobs that cannot write are free again, uncounted; what ends otherwise is recorded."""
    unit_of_work, called = PostgresUnitOfWork(closing), asyncio.Event()

    async def reserve_stock(job: ReserveStock) -> None:
        async with unit_of_work as connection:
            await connection.execute("insert into effects values ($1)", current_job().id)
            await asyncio.sleep(0)
        if job.pieces > 100:
            called.set()

    async def check_fraud(job: CheckFraud) -> None:
        await asyncio.sleep(0)

    queue = PostgresQueue(closing, "stock", poll_interval=timedelta(seconds=0.1))
    await queue.register_job_func(reserve_stock)
    await queue.register_job_func(check_fraud)
    producer = PostgresQueue(pool, "stock")
    await producer.enqueue(
        [ReserveStock("SMALL-FORK", number) if number % 2 else CheckFraud(f"A-{number}") for number in range(_MANY)]
    )
    await within(called.wait())
    await close(closing, forced=forced)
    await eventually(lambda: queue.pulse() is None)
    await producer.enqueue(ReserveStock("LATE-FORK"))
    await within(queue.shutdown(timedelta(seconds=15)))

    (said,) = alarms(caplog)
    assert said.startswith("queue stock takes no more jobs here: its connection pool was closed (shut the queue down")
    assert all(record.exc_info is None for record in caplog.records)
    states = {(state, attempt): number for state, attempt, number in await pool.fetch(_STATES)}
    assert states.keys() == {("completed", 1), ("ready", 0)}
    assert sum(states.values()) == _MANY + 1
    effects, jobs = await pool.fetchrow(_WRITTEN) or (0, 0)
    assert effects == jobs
    assert await pool.fetchval("select count(*) from arrower.attempts") == 0
    assert await pool.fetchval("select count(*) from arrower.workers where left_at is null") == 0


async def test_a_job_that_runs_may_end(pool: Pool, closing: Pool, caplog: pytest.LogCaptureFixture) -> None:
    """It does not need the pool any more: its completion is written all the same."""
    running, finish = asyncio.Event(), asyncio.Event()

    async def check_fraud(job: CheckFraud) -> None:
        running.set()
        await finish.wait()

    queue = PostgresQueue(closing, poll_interval=timedelta(seconds=0.05))
    await queue.register_job_func(check_fraud)
    await PostgresQueue(pool).enqueue(CheckFraud("A-1001"))
    await within(running.wait())
    await close(closing, forced=False)
    await eventually(lambda: queue.pulse() is None)
    finish.set()
    await eventually(lambda: _has(pool, "select count(*) = 1 from arrower.finished_jobs where attempt = 1"))
    await within(queue.shutdown())

    assert len(alarms(caplog)) == 1


async def test_a_queue_without_work_notices_too(pool: Pool, closing: Pool, caplog: pytest.LogCaptureFixture) -> None:
    """At its next look, before it takes anything."""
    queue = PostgresQueue(closing, poll_interval=timedelta(seconds=0.05))
    await queue.register_job_func(send_receipt)
    await eventually(lambda: (pulse := queue.pulse()) is not None and pulse.since_claim is not None)
    await close(closing, forced=False)
    await PostgresQueue(pool).enqueue(SendReceipt("A-1001"))
    await eventually(lambda: queue.pulse() is None)
    await within(queue.shutdown())

    assert len(alarms(caplog)) == 1
    assert await pool.fetchval("select attempt from arrower.jobs where state = 'ready'") == 0


async def test_a_shutdown_that_follows_at_once_is_clean(
    pool: Pool, closing: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    """As where the block of the pool is left before the queue is shut down. What runs is cancelled and free."""
    running = asyncio.Event()

    async def check_fraud(job: CheckFraud) -> None:
        running.set()
        await asyncio.Event().wait()

    queue = PostgresQueue(closing)
    await queue.register_job_func(check_fraud)
    await PostgresQueue(pool).enqueue(CheckFraud("A-1001"))
    await within(running.wait())
    await close(closing, forced=False)
    await within(queue.shutdown(timedelta(0)))

    assert alarms(caplog) == ["1 jobs are still running after the grace of 0 s"]
    assert await pool.fetchval("select attempt from arrower.jobs where state = 'ready'") == 0
    assert await pool.fetchval("select count(*) from arrower.workers where left_at is null") == 0


async def send_receipt(job: SendReceipt) -> None:
    """Do nothing."""


async def _has(pool: Pool, question: str) -> bool:
    return bool(await pool.fetchval(question))
