"""What a job func sets for its session, and the attempt that goes on with its connection."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Connection, Pool
from tests.worlds.deadline import eventually

JOBS = 200


@dataclass(frozen=True)
class Count:
    """A job."""

    number: int


@dataclass
class Shop:
    """One worker that runs one job at a time, on connections that attempts pass on to each other."""

    pool: Pool
    queue: PostgresQueue
    begun: list[str] = field(default_factory=list)
    """The statements that begin an attempt by themselves."""

    async def found_in_each(self, leave: str, look: str) -> list[object]:
        """Run jobs that look for something first, and leave it then; return what each has found."""
        found: list[object] = []
        unit_of_work = PostgresUnitOfWork(self.pool)

        async def count(_: Count) -> None:
            async with unit_of_work as connection:
                found.append(await connection.fetchval(look))
                await connection.execute(leave)

        await self.queue.enqueue([Count(number) for number in range(JOBS)])
        await self.queue.register_job_func(count)
        await eventually(self._is_drained)
        return found

    async def _is_drained(self) -> bool:
        return not await self.pool.fetchval("select exists (select from arrower.jobs)")


@pytest.fixture
async def shop(database_dsn: str) -> AsyncIterator[Shop]:
    """Yield a shop, not yet at work."""
    begun: list[str] = []

    async def listen(connection: Connection) -> None:
        connection.add_query_logger(lambda sent: begun.append(sent.query) if sent.query.startswith("begin") else None)

    async with (
        asyncpg.create_pool(database_dsn, min_size=1, max_size=5, init=listen) as pool,
        PostgresQueue(pool, pool_size=1, poll_interval=timedelta(milliseconds=25)) as queue,
    ):
        yield Shop(pool, queue, begun)


@pytest.mark.parametrize(
    ("leave", "look", "clean"),
    [
        ("set statement_timeout = '1h'", "select current_setting('statement_timeout')", "0"),
        ("set search_path = pg_catalog", "select current_setting('search_path')", '"$user", public'),
        ("set timezone = 'Asia/Tokyo'; set local lock_timeout = 7", "select current_setting('lock_timeout')", "0"),
        ("set shop.customer = 'ADA'", "select coalesce(current_setting('shop.customer', true), '')", ""),
        ("set local role pg_monitor; reset role", "select current_user", "postgres"),
        ("select pg_advisory_lock(7)", "select count(*) from pg_locks where locktype = 'advisory' and objid = 7", 0),
        ("declare kept cursor with hold for select 1", "select count(*) from pg_cursors where name = 'kept'", 0),
        ("create temp table basket () on commit drop", "select to_regclass('pg_temp.basket')", None),
    ],
    ids=["timeout", "search_path", "local", "of the application", "role", "lock", "cursor", "temp table"],
)
async def test_what_a_job_func_sets_is_gone_in_the_next(shop: Shop, leave: str, look: str, clean: object) -> None:
    """Though most attempts begin in the round trip that commits the one before, on its connection."""
    found = await shop.found_in_each(leave, look)

    assert found == [clean] * JOBS
    assert len(shop.begun) < JOBS / 2


async def test_a_job_func_decides_for_its_own_commit_whether_it_waits_for_the_disk(shop: Shop) -> None:
    """That of the next one is as durable as the database has it."""
    as_it_is = await shop.pool.fetchval("select current_setting('synchronous_commit')")
    other = "on" if as_it_is == "off" else "off"

    found = await shop.found_in_each(
        f"set synchronous_commit = {other}", "select current_setting('synchronous_commit')"
    )

    assert found == [as_it_is] * JOBS
    assert len(shop.begun) < JOBS / 2


@pytest.mark.parametrize(
    ("leave", "look", "clean"),
    [
        (
            "set default_transaction_isolation = 'serializable'",
            "select current_setting('transaction_isolation')",
            "read committed",
        ),
        (
            "set session characteristics as transaction isolation level repeatable read",
            "select current_setting('transaction_isolation')",
            "read committed",
        ),
        (
            "set session characteristics as transaction read only",
            "select current_setting('transaction_read_only')",
            "off",
        ),
    ],
    ids=["isolation", "characteristics", "read only"],
)
async def test_a_job_func_sets_nothing_for_the_transaction_of_the_next(
    shop: Shop, leave: str, look: str, clean: str
) -> None:
    """What begins together with the reset of the session begins in that way: then the attempt begins once more."""
    found = await shop.found_in_each(leave, look)

    assert found == [clean] * JOBS
