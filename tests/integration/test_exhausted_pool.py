"""The application keeps every connection of the pool, for long or for ever."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import PostgresOperations, PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from domain.jobs import JobId, RetryPolicy
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt

_DEAD_WORKER = """
insert into arrower.workers (pool_name, queue, size, version, host, pid, lease, max_attempts, started_at, heartbeat_at)
values ('gone', '', 1, '', '', 1, '1 s', '{}', now() - interval '1 hour', now() - interval '1 hour') returning id"""

_ITS_JOB = """
insert into arrower.jobs (type, payload, state, attempt, fence, worker, claimed_at)
values ('unknown', '{}', 'running', 1, 1, $1, now())"""


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.postgres.pool_line._PATIENCE", 0.2)
    monkeypatch.setattr("adapters.postgres.patience.PATIENCE", 0.2)


@asynccontextmanager
async def exhausted(pool: Pool) -> AsyncIterator[None]:
    """Hold all of the pool."""
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    try:
        yield
    finally:
        for connection in held:
            await pool.release(connection)


@pytest.fixture
async def small(database_dsn: str) -> AsyncIterator[Pool]:
    """Yield a pool of two."""
    async with asyncpg.create_pool(database_dsn, min_size=0, max_size=2) as pool:
        yield pool


async def state_of(pool: Pool, job: JobId) -> str | None:
    """Return the state of a job that has not ended."""
    state: str | None = await pool.fetchval("select state from arrower.jobs where id = $1", job)
    return state


async def fail(job: SendReceipt) -> None:
    """Fail, which has to be written."""
    raise ConnectionError(job.order)


async def test_it_is_told_and_what_has_to_be_written_waits(
    pool: Pool,
    small: Pool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who waits, for which pool, of which size, and what to do. Then it goes on by itself."""
    caplog.set_level(logging.INFO)
    async with PostgresQueue(small, "emails", pool_size=3) as queue:
        async with exhausted(small):
            await queue.register_job_func(fail, retry=RetryPolicy(base=timedelta(hours=1)))
            jobs = await PostgresQueue(pool, "emails").enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])
            await eventually(lambda: "2 waiting for a connection" in caplog.text)
            assert "all 2 connections of the pool of emails are in use: raise its max_size" in caplog.text
            assert [await state_of(pool, job) for job in jobs] == ["running", "running"]

        await eventually(lambda: _has(pool, "select count(*) = 2 from arrower.jobs where state = 'scheduled'"))
        assert "the pool of emails gave a connection after" in caplog.text
        assert "was lost" not in caplog.text


async def _is(pool: Pool, job: JobId, state: str) -> bool:
    return await state_of(pool, job) == state


async def test_job_funcs_that_write_wait_and_lose_nothing(
    pool: Pool,
    small: Pool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A pool that is slow is no failure of the job."""
    await pool.execute("create table effects (article text)")
    unit_of_work = PostgresUnitOfWork(small)

    async def reserve_stock(job: ReserveStock) -> None:
        async with unit_of_work as connection:
            await connection.execute("insert into effects values ($1)", job.article)

    async with PostgresQueue(small, pool_size=5) as queue:
        async with exhausted(small):
            await queue.register_job_func(reserve_stock)
            await PostgresQueue(pool).enqueue([ReserveStock(f"ARTICLE-{number}") for number in range(5)])
            await eventually(lambda: "5 waiting for a connection" in caplog.text)

        await eventually(lambda: _has(pool, "select count(*) = 5 from arrower.finished_jobs where attempt = 1"))
    assert await pool.fetchval("select count(distinct article) from effects") == 5


async def _has(pool: Pool, question: str, *arguments: object) -> bool:
    return bool(await pool.fetchval(question, *arguments))


async def test_the_worker_lives_claims_and_rescues_without_it(pool: Pool, small: Pool) -> None:
    """All that others rely on goes its own way."""
    called: list[str] = []

    async def check_fraud(job: CheckFraud) -> None:
        called.append(job.order)

    lease = timedelta(seconds=3)
    queue = PostgresQueue(small, pool_name="busy", lease=lease, poll_interval=timedelta(seconds=0.1))
    async with queue, exhausted(small):
        await queue.register_job_func(check_fraud)
        await queue.register_job_func(fail)
        await PostgresQueue(pool).enqueue(SendReceipt("A-1001"))
        await eventually(lambda: _has(pool, "select count(*) = 1 from arrower.jobs where state = 'running'"))
        beats: set[object] = set()

        async def has_beaten_again() -> bool:
            sql = "select heartbeat_at from arrower.workers where pool_name = 'busy' and died_at is null"
            beats.add(await pool.fetchval(sql))
            return len(beats) > 4

        await eventually(has_beaten_again)
        gone = await pool.fetchval(_DEAD_WORKER)
        await pool.execute(_ITS_JOB, gone)
        await eventually(lambda: _has(pool, "select rescued_at is not null from arrower.workers where id = $1", gone))
        await PostgresQueue(pool).enqueue(CheckFraud("A-1002"))
        await eventually(lambda: called == ["A-1002"])

        assert await pool.fetchval("select count(*) from arrower.attempts where outcome = 'died'") == 1


async def test_a_running_job_can_be_called_off(pool: Pool, small: Pool) -> None:
    """It may be the one that keeps the connections."""
    unit_of_work, begun, told = PostgresUnitOfWork(small), asyncio.Event(), asyncio.Event()

    async def reserve_stock(job: ReserveStock) -> None:
        async with unit_of_work:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                told.set()

    async with PostgresQueue(small) as queue:
        await queue.register_job_func(reserve_stock)
        job = await queue.enqueue(ReserveStock("SMALL-FORK"))
        await within(begun.wait())
        async with small.acquire():
            await PostgresOperations(pool).cancel(job)
            await within(told.wait())
        await eventually(lambda: _has(pool, "select true from arrower.finished_jobs where state = 'cancelled'"))


async def test_what_can_be_done_later_gives_up(small: Pool) -> None:
    """Counting for charts and gauges: the next turn comes soon, and says what was in the way."""
    store = PostgresStore(small, "emails", Schema(), None, timedelta(hours=1))
    async with exhausted(small):
        for work in (store.count_ended, store.survey):
            with pytest.raises(TimeoutError, match="all 2 connections of the pool of emails are in use"):
                await within(work())

    assert await store.count_ended() is False
    assert await store.survey()


async def test_a_queue_is_shut_down_all_the_same(pool: Pool, small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its jobs are free again, through the connection that is its own."""
    monkeypatch.setattr("application.jobs.farewell._PATIENCE", 0.3)
    queue = PostgresQueue(small)
    async with exhausted(small):
        await queue.register_job_func(fail)
        job = await PostgresQueue(pool).enqueue(SendReceipt("A-1001"))
        await eventually(lambda: _is(pool, job, "running"))
        await within(queue.shutdown(timedelta(0)))

        assert await state_of(pool, job) == "ready"
