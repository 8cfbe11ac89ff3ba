"""How many connections it takes, and how they may be set up."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Connection, Pool
from domain.jobs import JobState, UnitOfWorkFailed, current_job
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt

# Autovacuum comes and goes as it likes.
_SESSIONS_BUT = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> all ($1::int[])"""


async def send_receipt(job: SendReceipt) -> None:
    """Send nothing."""


class TestNumber:
    """A process needs one connection beyond its pool."""

    async def test_however_many_queues_it_runs(self, world: PostgresWorld) -> None:
        """They share it: it listens, claims and shows that the process lives."""
        pool = await world.new_pool(min_size=2, max_size=2)
        names = ["mail", "paper", "pigeon", "telegraph", "drum"]
        for name in names:
            queue = world.queue(name, pool=pool)
            await world.run(queue, send_receipt)
            for job_id in await queue.enqueue([SendReceipt("A-1001")] * 20):
                await world.reaches(job_id, JobState.COMPLETED)

        ours = await world.pool.fetchval(_SESSIONS_BUT, await self._pids(world.pool))

        assert len(await world.inspection.workers()) == len(names)
        assert ours == 3

    async def test_a_pool_of_one_is_enough(self, database_dsn: str) -> None:
        """Job funcs that write and enqueue take turns, and nobody waits for ever."""
        async with asyncpg.create_pool(database_dsn, min_size=1, max_size=1) as pool:
            await pool.execute("create table effects (job bigint)")
            unit_of_work = PostgresUnitOfWork(pool)
            sent: list[str] = []
            async with PostgresQueue(pool) as queue:

                async def reserve_stock(job: ReserveStock) -> None:
                    async with unit_of_work as connection:
                        await connection.execute("insert into effects values ($1)", current_job().id)
                        await queue.enqueue(SendReceipt(job.article))
                        await asyncio.sleep(0.001)
                    if job.pieces == 0 and current_job().attempt == 1:
                        raise ConnectionError

                async def note_receipt(job: SendReceipt) -> None:
                    sent.append(job.order)

                await queue.register_job_func(reserve_stock)
                await queue.register_job_func(note_receipt)
                await queue.enqueue([ReserveStock(f"ARTICLE-{number}", number % 5) for number in range(30)])
                await within(eventually(lambda: len(sent) == 30))

            assert await pool.fetchval("select count(*) from effects") == 30

    async def test_a_pool_of_one_is_shared_with_its_user(self, database_dsn: str) -> None:
        """The application enqueues and reads on the same connection while job after job writes on it."""
        async with asyncpg.create_pool(database_dsn, min_size=1, max_size=1) as pool:
            await pool.execute("create table effects (job bigint)")
            unit_of_work = PostgresUnitOfWork(pool)
            seen: list[int] = []

            async def reserve_stock(job: ReserveStock) -> None:
                async with unit_of_work as connection:
                    await connection.execute("insert into effects values ($1)", current_job().id)

            async def use(queue: PostgresQueue) -> None:
                for number in range(8):
                    async with unit_of_work as connection:
                        seen.append(await connection.fetchval("select count(*) from effects"))
                        await queue.enqueue(ReserveStock(f"ARTICLE-{number}"))

            async with PostgresQueue(pool) as queue:
                await queue.register_job_func(reserve_stock)
                await queue.enqueue([ReserveStock("SMALL-FORK")] * 500)
                await within(asyncio.gather(*(use(queue) for _ in range(3))))
                await eventually(lambda: self._are_done(pool, 524))

            assert len(seen) == 24

    async def _are_done(self, pool: Pool, number: int) -> bool:
        return bool(await pool.fetchval("select count(*) from effects") == number)

    async def test_a_commit_that_is_refused_needs_no_second_one(self, world: PostgresWorld) -> None:
        """What became of it is asked on a connection of the pool, where there may be only one."""
        pool = await world.new_pool(min_size=1, max_size=1)
        await world.pool.execute("create table shelves (pieces integer unique deferrable initially deferred)")
        unit_of_work = PostgresUnitOfWork(pool)

        async def reserve_stock(job: ReserveStock) -> None:
            async with unit_of_work as connection:
                await connection.execute("insert into shelves values ($1)", job.pieces)

        jobs = [ReserveStock("SMALL-FORK", min(number, 100)) for number in range(150)]
        await world.queue().enqueue(jobs)
        await world.run(world.queue(pool=pool), reserve_stock)

        await world.eventually(lambda: self._have_failed(world.pool, 49))
        await world.eventually(lambda: self._are_stored(world.pool, 101))

    async def _have_failed(self, pool: Pool, number: int) -> bool:
        return bool(await pool.fetchval("select count(distinct job_id) from arrower.attempts") == number)

    async def _are_stored(self, pool: Pool, number: int) -> bool:
        return bool(await pool.fetchval("select count(*) from shelves") == number)

    async def test_a_job_that_writes_nothing_takes_none(self, world: PostgresWorld) -> None:
        """Job funcs run while every connection of the pool is in other hands."""
        pool = await world.new_pool(min_size=1, max_size=1)
        queue = world.queue(pool=pool, pool_size=10)
        all_running = asyncio.Barrier(10)
        passed: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            await all_running.wait()
            passed.append(current_job().id)

        await world.run(queue, reserve_stock)
        async with pool.acquire():
            ids = await world.queue().enqueue([ReserveStock("SMALL-FORK")] * 10)
            await world.eventually(lambda: len(passed) == 10)
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)

    async def test_none_is_kept_after_shutdown(self, world: PostgresWorld) -> None:
        """All of the pool's connections can be had again, and the one beside it is closed."""
        pool = await world.new_pool(min_size=2, max_size=2)
        queue = world.queue(pool=pool)

        async def reserve_stock(job: ReserveStock) -> None:
            async with PostgresUnitOfWork(pool) as connection:
                await connection.execute("select 1")

        await world.run(queue, reserve_stock)
        for job_id in await queue.enqueue([ReserveStock("SMALL-FORK")] * 50):
            await world.reaches(job_id, JobState.COMPLETED)
        await queue.shutdown()

        assert pool.get_idle_size() == 2
        async with pool.acquire() as one, pool.acquire() as other:
            pids = [one.get_server_pid(), other.get_server_pid(), *await self._pids(world.pool)]
        assert await world.pool.fetchval(_SESSIONS_BUT, pids) == 0

    async def _pids(self, pool: Pool) -> list[int]:
        held = [await pool.acquire() for _ in range(pool.get_size())]
        pids = [connection.get_server_pid() for connection in held]
        for connection in held:
            await pool.release(connection)
        return pids


async def json_as_objects(connection: Connection) -> None:
    """Let JSON come as objects, as many applications do."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def do_nothing(_: Connection) -> None:
    """Prepare a connection for its next use."""


class TestSetup:
    """The pool belongs to the application, which sets it up as it likes."""

    @pytest.mark.parametrize(
        "options",
        [
            pytest.param({"init": json_as_objects}, id="JSON codec"),
            pytest.param({"setup": do_nothing}, id="setup hook"),
            pytest.param({"reset": do_nothing}, id="reset hook"),
            pytest.param({"statement_cache_size": 0}, id="no cached statements"),
            pytest.param({"max_inactive_connection_lifetime": 0.01}, id="short-lived connections"),
            pytest.param({"max_queries": 3}, id="connections for three statements"),
            pytest.param(
                {"server_settings": {"timezone": "Asia/Kathmandu", "datestyle": "German"}}, id="zone and dates"
            ),
            pytest.param({"server_settings": {"search_path": "nowhere"}}, id="search path"),
            pytest.param({"server_settings": {"default_transaction_isolation": "serializable"}}, id="serializable"),
            pytest.param({"server_settings": {"standard_conforming_strings": "off"}}, id="old strings"),
            pytest.param({"server_settings": {"intervalstyle": "sql_standard"}}, id="intervals"),
            pytest.param({"command_timeout": 5.0}, id="command timeout"),
        ],
    )
    async def test_the_queue_works_all_the_same(self, world: PostgresWorld, options: dict[str, Any]) -> None:
        """Jobs that write, fail, are snoozed or write nothing, on time; and looking at them."""
        pool = await world.new_pool(**options)
        queue = world.queue('a "quoted" \\ name', pool=pool)
        unit_of_work = PostgresUnitOfWork(pool)
        checked: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            async with unit_of_work as connection:
                await connection.execute("insert into public.effects (note) values ($1)", job.article)
                await queue.enqueue(CheckFraud(job.article), run_at=world.clock.now() + timedelta(minutes=1))
            if current_job().attempt == 1:
                raise ConnectionError

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, reserve_stock, check_fraud)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        failed = await world.fails(job_id, 1)
        world.clock.move_to(failed.run_at)
        await world.reaches(job_id, JobState.COMPLETED)
        world.clock.advance(timedelta(minutes=1))
        await world.eventually(lambda: checked == ["CRUNCHY-ARMCHAIR"])

        assert await world.effects() == ["CRUNCHY-ARMCHAIR"]
        await queue.shutdown()


class TestOtherPools:
    """Units and queues find each other by their pool."""

    async def test_a_unit_of_another_pool_is_not_joined(self, world: PostgresWorld) -> None:
        """It may be another database: the job is committed on its own."""
        elsewhere = world.queue(pool=await world.new_pool())

        with pytest.raises(ConnectionError):
            async with world.unit_of_work:
                await world.write("order A-1001")
                await elsewhere.enqueue(SendReceipt("A-1001"))
                await world.queue().enqueue(SendReceipt("A-1002"))
                raise ConnectionError

        assert await world.effects() == []
        assert await world.counts() == {JobState.READY: 1}

    async def test_units_of_two_pools_end_on_their_own(self, world: PostgresWorld) -> None:
        """An inner block on another pool commits when it is left."""
        other_unit = PostgresUnitOfWork(await world.new_pool())

        with pytest.raises(ConnectionError):
            async with world.unit_of_work:
                async with other_unit as connection:
                    await connection.execute("insert into effects (note) values ('inner')")
                await world.write("outer")
                raise ConnectionError

        assert await world.effects() == ["inner"]

    async def test_they_are_not_left_crosswise(self, world: PostgresWorld) -> None:
        """Who leaves the outer one first would end it with the inner one's writes still open."""
        outer, inner = PostgresUnitOfWork(world.pool), PostgresUnitOfWork(await world.new_pool())
        await outer.__aenter__()
        await inner.__aenter__()

        with pytest.raises(UnitOfWorkFailed, match="the task that entered it"):
            await outer.__aexit__(None, None, None)
        await inner.__aexit__(None, None, None)
        await outer.__aexit__(None, None, None)
