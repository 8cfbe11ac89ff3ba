"""Attempts that begin in the round trip that commits the one before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import PostgresInspection, PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Connection, Pool
from domain.jobs import JobId, JobState, current_job
from tests.worlds.deadline import eventually

WARM_UP = 50
"""So many jobs show that they are quick, so that the following ones are claimed ahead."""
LAST, NEXT = WARM_UP, WARM_UP + 1
_TABLES = """
create table receipts (order_id bigint);
create table customers (id bigint primary key deferrable initially deferred);
insert into customers values (1)"""

_OPEN_TRANSACTIONS = (
    "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'"
)
_COMMIT_WAITS = """
select pid from pg_stat_activity where datname = current_database() and query like 'execute arrower_complete%'
  and wait_event_type = 'Lock' and clock_timestamp() > query_start + interval '0.7 s'"""
_FENCE_WAITS = """
select exists (
    select from pg_stat_activity where datname = current_database() and query like 'begin; execute arrower_fence%'
      and wait_event_type = 'Lock')"""
_BEGUN_AHEAD = """
select exists (
    select from pg_stat_activity where datname = current_database() and query like 'execute arrower_complete%'
      and state = 'idle in transaction')"""
_TAKE_AWAY = {
    "for another attempt": """
        update arrower.jobs set fence = fence + 1 where (payload ->> 'order_id')::integer = $1""",
    "and waits": """
        update arrower.jobs set state = 'scheduled', run_at = now() + interval '1 day'
        where (payload ->> 'order_id')::integer = $1""",
    "while one of its number runs": """
        with taken as (
            update arrower.jobs set fence = fence + 1 where (payload ->> 'order_id')::integer = $1 returning fence
        )
        insert into arrower.jobs (type, payload, state, attempt, fence)
        select 'fraud.check', '{}', 'running', 1, fence - 1 from taken""",
}


@dataclass(frozen=True)
class SendReceipt:
    """A job."""

    order_id: int


@dataclass
class Shop:
    """One worker that runs one job at a time."""

    pool: Pool
    queue: PostgresQueue
    unit_of_work: PostgresUnitOfWork
    statements: list[str]

    async def send_receipt(self, job: SendReceipt) -> None:
        """Write at once, as most job funcs do that write."""
        async with self.unit_of_work as connection:
            await connection.execute("insert into receipts values ($1)", job.order_id)

    async def enqueue(self, *more: int) -> list[JobId]:
        """Enqueue the warm-up and more; return the ids of these."""
        ids = await self.queue.enqueue([SendReceipt(n) for n in (*range(WARM_UP), *more)])
        return ids[WARM_UP:]

    async def is_drained(self) -> bool:
        """Tell whether every job has ended."""
        return not await self.pool.fetchval("select exists (select from arrower.jobs)")

    async def receipts_of(self, order_id: int) -> int:
        """Count the effects."""
        number: int = await self.pool.fetchval("select count(*) from receipts where order_id = $1", order_id)
        return number

    async def has_claimed(self, job_id: JobId) -> None:
        """Wait until the worker has the job, so that it can be the next."""
        await eventually(lambda: _is(self, job_id, JobState.RUNNING))

    async def state_of(self, job_id: JobId) -> JobState:
        """Look a job up."""
        return (await PostgresInspection(self.pool).job(job_id)).state

    def count(self, condition: Callable[[str], bool]) -> int:
        """Count statements."""
        return sum(map(condition, self.statements))


@pytest.fixture(autouse=True)
def _slow_is_quick_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine it takes longer than a moment until a job func that writes at once has begun to."""
    monkeypatch.setattr("adapters.postgres.attempt_transaction._AT_ONCE", 1.0)


@pytest.fixture
async def shop(database_dsn: str) -> AsyncIterator[Shop]:
    """Yield a shop, not yet at work."""
    statements: list[str] = []

    async def count_statements(connection: Connection) -> None:
        connection.add_query_logger(lambda logged: statements.append(logged.query))

    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=5, init=count_statements) as pool:
        await pool.execute(_TABLES)
        async with PostgresQueue(pool, pool_size=1, poll_interval=timedelta(milliseconds=25)) as queue:
            yield Shop(pool, queue, PostgresUnitOfWork(pool), statements)


async def test_jobs_of_a_kind_that_write_take_two_round_trips_each(shop: Shop) -> None:
    """The write, and one statement that commits and begins the next; now and then a connection changes hands."""
    await shop.enqueue(*range(WARM_UP, 500))

    await shop.queue.register_job_func(shop.send_receipt)
    await eventually(shop.is_drained)

    assert shop.count(lambda statement: "insert into receipts" in statement) == 500
    assert shop.count(lambda statement: "commit;" in statement) == 500
    assert shop.count(lambda statement: statement.startswith("begin; execute")) < 250
    assert await shop.pool.fetchval("select count(*) from receipts") == 500


async def test_a_connection_that_was_kept_writes_nothing_into_the_next(shop: Shop) -> None:
    """It is the same session, and not the same transaction: whoever kept it too long is refused."""
    kept: list[Connection] = []
    refused: list[int] = []

    async def send_receipt(job: SendReceipt) -> None:
        async with shop.unit_of_work as connection:
            await connection.execute("insert into receipts values ($1)", job.order_id)
            for of_before in kept:
                try:
                    await of_before.execute("insert into receipts values (-1)")
                except asyncpg.InterfaceError:
                    refused.append(job.order_id)
            kept[:] = [connection]

    await shop.enqueue(LAST, NEXT)
    await shop.queue.register_job_func(send_receipt)
    await eventually(shop.is_drained)

    assert refused == list(range(1, NEXT + 1))
    assert await shop.receipts_of(-1) == 0
    assert shop.count(lambda statement: statement.startswith("begin; execute")) < NEXT


async def test_a_commit_that_is_refused_does_not_concern_the_next(shop: Shop) -> None:
    """A constraint that is looked at late: that job fails, and the next begins by itself."""
    failing, following = await shop.enqueue(LAST, NEXT)

    async def send_receipt(job: SendReceipt) -> None:
        async with shop.unit_of_work as connection:
            await connection.execute("insert into receipts values ($1)", job.order_id)
            if job.order_id == LAST:
                await connection.execute("insert into customers values (1)")

    await shop.queue.register_job_func(send_receipt)
    await eventually(lambda: _is(shop, following, JobState.COMPLETED))

    assert await shop.state_of(failing) is JobState.SCHEDULED
    assert await shop.receipts_of(LAST) == 0
    assert await shop.receipts_of(NEXT) == 1


@pytest.mark.parametrize("how", _TAKE_AWAY)
async def test_a_job_that_was_given_away_meanwhile_is_not_written(shop: Shop, how: str) -> None:
    """The one before commits all the same."""
    completed, lost = await shop.enqueue(LAST, NEXT)
    lost_attempts: list[int] = []

    async def send_receipt(job: SendReceipt) -> None:
        async with shop.unit_of_work as connection:
            await connection.execute("insert into receipts values ($1)", job.order_id)
        if job.order_id == LAST:
            await shop.has_claimed(lost)
            await shop.pool.execute(_TAKE_AWAY[how], NEXT)
        if job.order_id == NEXT:
            lost_attempts.append(NEXT)

    await shop.queue.register_job_func(send_receipt)
    await eventually(lambda: _is(shop, completed, JobState.COMPLETED))
    await shop.queue.shutdown()

    assert lost_attempts == []
    assert await shop.receipts_of(NEXT) == 0
    assert await shop.state_of(lost) is not JobState.COMPLETED


async def test_no_transaction_stays_open_while_a_job_func_does_something_else(shop: Shop) -> None:
    """It was expected to write at once, like the ones before, and does not."""
    [following] = await shop.enqueue(NEXT)
    waits, may_write = asyncio.Event(), asyncio.Event()

    async def send_receipt(job: SendReceipt) -> None:
        if job.order_id == NEXT:
            waits.set()
            await may_write.wait()
        await shop.send_receipt(job)

    await shop.queue.register_job_func(send_receipt)
    await eventually(waits.is_set)
    await eventually(lambda: _none(shop.pool, _OPEN_TRANSACTIONS))
    may_write.set()
    await eventually(lambda: _is(shop, following, JobState.COMPLETED))

    assert await shop.receipts_of(NEXT) == 1


async def test_a_job_func_that_writes_nothing_completes_its_job_all_the_same(shop: Shop) -> None:
    """Though its transaction has begun."""
    ids = await shop.enqueue(*range(WARM_UP, WARM_UP + 20))

    async def send_receipt(job: SendReceipt) -> None:
        if job.order_id % 2:
            await shop.send_receipt(job)

    await shop.queue.register_job_func(send_receipt)
    await eventually(shop.is_drained)

    assert [await shop.state_of(job_id) for job_id in ids] == [JobState.COMPLETED] * 20
    assert await shop.pool.fetchval("select count(*) from receipts") == (WARM_UP + 20) // 2


async def test_nobody_gives_back_a_transaction_that_is_being_committed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though its job func did not use it: the completion waits for somebody's lock, and its session goes on.

    Now and then a connection changes hands, and nothing begins ahead: so it is any of many jobs.
    """
    monkeypatch.setattr("adapters.postgres.job_connections._SLICE", 0.3)
    await shop.enqueue(*range(WARM_UP, 10 * WARM_UP))
    waiting: list[JobId] = []

    async with shop.pool.acquire() as connection:

        async def send_receipt(job: SendReceipt) -> None:
            if job.order_id < WARM_UP or job.order_id % 5 or waiting:
                await shop.send_receipt(job)
            elif await connection.fetchval(_BEGUN_AHEAD):
                waiting.append(current_job().id)
                await connection.execute("begin; lock table arrower.finished_jobs")

        await shop.queue.register_job_func(send_receipt)
        await eventually(lambda: _none(shop.pool, f"select not exists ({_COMMIT_WAITS})"))
        session = await shop.pool.fetchval(_COMMIT_WAITS)
        await connection.execute("commit")
    await eventually(shop.is_drained)

    (job_id,) = waiting
    assert (await PostgresInspection(shop.pool).job(job_id)).attempt == 1
    assert await shop.state_of(job_id) is JobState.COMPLETED
    assert await shop.pool.fetchval("select exists (select from pg_stat_activity where pid = $1)", session)


async def test_a_suspect_does_not_follow_beside_another(shop: Shop) -> None:
    """One that may kill the worker is not begun with the commit before: that would be beside the one that runs."""
    suspect, _, other_suspect, _ = await shop.enqueue(LAST, LAST + 1, LAST + 2, LAST + 3)
    await shop.pool.execute("update arrower.jobs set rescues = 2 where id = any ($1)", [suspect, other_suspect])
    running: set[int] = set()
    beside: list[set[int]] = []
    all_others_ended = asyncio.Event()

    async def send_receipt(job: SendReceipt) -> None:
        running.add(job.order_id)
        await shop.send_receipt(job)
        if job.order_id == LAST:
            await all_others_ended.wait()
        elif job.order_id == LAST + 2:
            beside.append(set(running))
        elif job.order_id == LAST + 3:
            all_others_ended.set()
        running.remove(job.order_id)

    async with PostgresQueue(shop.pool, pool_size=2, poll_interval=timedelta(milliseconds=25)) as queue:
        await queue.register_job_func(send_receipt)
        await eventually(shop.is_drained)

    assert beside == [{LAST + 2}]


async def test_a_payload_that_cannot_be_read_ends_dead(shop: Shop) -> None:
    """And the row is not held by the transaction that was begun for it."""
    before, damaged, after = await shop.enqueue(LAST, NEXT, NEXT + 1)
    await shop.pool.execute("update arrower.jobs set payload = '[]' where id = $1", damaged)

    await shop.queue.register_job_func(shop.send_receipt)
    await eventually(shop.is_drained)

    assert await shop.state_of(before) is JobState.COMPLETED
    assert await shop.state_of(damaged) is JobState.DEAD
    assert await shop.state_of(after) is JobState.COMPLETED


async def test_a_job_whose_row_somebody_holds_does_not_make_the_one_before_wait(shop: Shop) -> None:
    """Its commit is answered at once; the next waits when it writes, as it would anywhere."""
    completed, held = await shop.enqueue(LAST, NEXT)
    reached, may_end, began = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send_receipt(job: SendReceipt) -> None:
        if job.order_id == NEXT:
            began.set()
        await shop.send_receipt(job)
        if job.order_id == LAST:
            reached.set()
            await may_end.wait()

    await shop.queue.register_job_func(send_receipt)
    await eventually(reached.is_set)
    await shop.has_claimed(held)
    async with shop.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs where id = $1 for update", held)
        may_end.set()
        await eventually(began.is_set)
    await eventually(lambda: _is(shop, held, JobState.COMPLETED))

    assert await shop.state_of(completed) is JobState.COMPLETED
    assert await shop.receipts_of(LAST) == 1
    assert await shop.receipts_of(NEXT) == 1


async def test_a_shutdown_without_grace_hands_the_next_back(shop: Shop) -> None:
    """It was about to begin: nothing of it is written, and no attempt counted."""
    committed, following = await shop.enqueue(LAST, NEXT)
    reached, may_end = asyncio.Event(), asyncio.Event()

    async def send_receipt(job: SendReceipt) -> None:
        await shop.send_receipt(job)
        if job.order_id == LAST:
            reached.set()
            await may_end.wait()

    await shop.queue.register_job_func(send_receipt)
    await eventually(reached.is_set)
    await shop.has_claimed(following)
    async with shop.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from arrower.jobs where id = $1 for update", following)
        may_end.set()
        await eventually(lambda: shop.pool.fetchval(_FENCE_WAITS))
        stopping = asyncio.create_task(shop.queue.shutdown(timedelta(0)))
        await eventually(lambda: _none(shop.pool, _FENCE_WAITS))  # so that the row is free for who hands it back
    await stopping

    assert await shop.state_of(committed) is JobState.COMPLETED
    assert await shop.state_of(following) is JobState.READY
    assert await shop.receipts_of(NEXT) == 0
    assert await shop.pool.fetchval("select attempt from arrower.jobs where id = $1", following) == 0


async def _is(shop: Shop, job_id: JobId, state: JobState) -> bool:
    return await shop.state_of(job_id) is state


async def _none(pool: Pool, count: str) -> bool:
    return not await pool.fetchval(count)
