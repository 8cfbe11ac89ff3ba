"""What applications do on the connection of a unit of work."""

import asyncio

import asyncpg
import pytest

from adapters.postgres import PostgresUnitOfWork
from application.jobs.looking import AttemptOutcome
from domain.jobs import JobState, UnitOfWorkFailed
from tests.worlds import PostgresWorld
from tests.worlds.deadline import within
from tests.worlds.jobs import ReserveStock, SendReceipt

DEFERRED = """
create table parents (id integer primary key);
create table children (parent integer references parents deferrable initially deferred)"""


class Refused(Exception):
    """The business says no."""


class TestSavepoints:
    """`connection.transaction()` inside a unit of work is a savepoint."""

    async def test_what_is_rolled_back_to_one_does_not_exist(self, world: PostgresWorld) -> None:
        """Neither writes nor jobs; the rest of the unit is committed."""
        queue = world.queue()

        async with PostgresUnitOfWork(world.pool) as connection:
            await world.write("kept")
            await queue.enqueue(SendReceipt("kept"))
            with pytest.raises(Refused):
                async with connection.transaction():
                    await world.write("rolled back")
                    await queue.enqueue(SendReceipt("rolled back"))
                    raise Refused

        assert await world.effects() == ["kept"]
        assert await world.counts() == {JobState.READY: 1}

    async def test_an_error_inside_one_does_not_break_the_unit(self, world: PostgresWorld) -> None:
        """That is what savepoints are for."""
        async with PostgresUnitOfWork(world.pool) as connection:
            await world.write("before")
            with pytest.raises(asyncpg.UniqueViolationError):
                async with connection.transaction():
                    await connection.execute("insert into customers values ('ADA')")
            await world.write("after")

        assert await world.effects() == ["after", "before"]

    async def test_they_work_in_a_job_func(self, world: PostgresWorld) -> None:
        """Nested, too; the job completes with what is left."""
        queue = world.queue()
        unit_of_work = PostgresUnitOfWork(world.pool)

        async def reserve_stock(job: ReserveStock) -> None:
            async with unit_of_work as connection:
                async with connection.transaction():
                    await world.write("outer")
                    with pytest.raises(asyncpg.DivisionByZeroError):
                        async with connection.transaction():
                            await world.write("inner")
                            await connection.execute("select 1 / 0")
                await queue.enqueue(SendReceipt("A-1001"))

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), JobState.COMPLETED)

        assert await world.effects() == ["outer"]
        assert await world.counts() == {JobState.COMPLETED: 1, JobState.READY: 1}


class TestRefusedCommit:
    """A transaction that the database refuses to commit."""

    async def test_of_a_plain_unit_says_why(self, world: PostgresWorld) -> None:
        """Nothing is written."""
        await world.pool.execute(DEFERRED)

        with pytest.raises(UnitOfWorkFailed, match="children") as failed:
            async with PostgresUnitOfWork(world.pool) as connection:
                await world.queue().enqueue(SendReceipt("A-1001"))
                await connection.execute("insert into children values (7)")

        assert isinstance(failed.value.__cause__, asyncpg.ForeignKeyViolationError)
        assert await world.counts() == {}

    async def test_of_a_job_is_a_failed_attempt(self, world: PostgresWorld) -> None:
        """With its pause, as any other."""
        await world.pool.execute(DEFERRED)
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            async with PostgresUnitOfWork(world.pool) as connection:
                await world.write(job.article)
                await connection.execute("insert into children values (7)")

        await world.run(queue, reserve_stock)
        job = await world.fails(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), 1)

        assert "children" in str(job.attempts[0].error)
        assert job.run_at > world.clock.now()
        assert await world.effects() == []


class TestBrokenTransactions:
    """A transaction that did not live as long as its unit."""

    @pytest.mark.parametrize("end", ["commit", "rollback"])
    async def test_one_that_a_job_func_ends_itself_has_failed(self, world: PostgresWorld, end: str) -> None:
        """The job's transaction is not the job func's to end; the attempt says so and is tried again."""
        queue = world.queue()

        async def reserve_stock(job: ReserveStock) -> None:
            async with PostgresUnitOfWork(world.pool) as connection:
                await connection.execute(end)

        await world.run(queue, reserve_stock)
        job = await world.fails(await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR")), 1)

        assert "UnitOfWorkFailed" in str(job.attempts[0].error)
        assert await world.counts() == {JobState.SCHEDULED: 1}

    async def test_one_whose_connection_breaks_leaves_nothing(self, world: PostgresWorld) -> None:
        """The unit says so, and the next one works."""
        with pytest.raises((UnitOfWorkFailed, asyncpg.PostgresError, asyncpg.InterfaceError)):
            async with PostgresUnitOfWork(world.pool) as connection:
                await world.write("before the cut")
                await world.pool.execute("select pg_terminate_backend($1)", connection.get_server_pid())

        await world.write("after the cut")
        assert await world.effects() == ["after the cut"]

    async def test_a_job_whose_connection_breaks_is_tried_again(self, world: PostgresWorld) -> None:
        """It has failed, and its effect happens once."""
        queue = world.queue()
        calls: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            calls.append(job.article)
            async with PostgresUnitOfWork(world.pool) as connection:
                await world.write(f"call {len(calls)}")
                if len(calls) == 1:
                    await world.pool.execute("select pg_terminate_backend($1)", connection.get_server_pid())

        await world.run(queue, reserve_stock)
        job_id = await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        failed = await world.fails(job_id, 1)
        world.clock.move_to(failed.run_at)
        job = await world.reaches(job_id, JobState.COMPLETED)

        assert [attempt.outcome for attempt in job.attempts] == [AttemptOutcome.FAILED, AttemptOutcome.COMPLETED]
        assert await world.effects() == ["call 2"]

    async def test_one_that_is_cancelled_in_a_statement_is_rolled_back(self, world: PostgresWorld) -> None:
        """And its connection is not lost to the pool."""
        sleeping = """
        select count(*) from pg_stat_activity
        where datname = current_database() and state = 'active' and query like $1"""

        async def dawdle() -> None:
            async with PostgresUnitOfWork(world.pool) as connection:
                await world.write("unfinished")
                await connection.execute("select pg_sleep(60)")

        async def sleeps() -> bool:
            return bool(await world.pool.fetchval(sleeping, "%pg_sleep(60)%") == 1)

        for _ in range(3):
            task = asyncio.create_task(dawdle())
            await world.eventually(sleeps)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await within(task)

        assert await world.effects() == []
        await within(world.write("next"))


class TestSessionState:
    """What a job func does to its session ends with it."""

    async def test_settings_do_not_leak_into_the_next_job(self, world: PostgresWorld) -> None:
        """Nor do locks, cursors and temporary tables."""
        queue = world.queue(pool_size=1)
        seen: list[str] = []

        async def reserve_stock(job: ReserveStock) -> None:
            async with PostgresUnitOfWork(world.pool) as connection:
                seen.append(await connection.fetchval("show search_path"))
                await connection.execute("set search_path = nowhere")
                await connection.execute("select pg_advisory_lock(4711)")

        await world.run(queue, reserve_stock)
        for job_id in await queue.enqueue([ReserveStock("SMALL-FORK")] * 5):
            await world.reaches(job_id, JobState.COMPLETED)
        await queue.shutdown()

        assert seen == ['"$user", public'] * 5
        assert await world.pool.fetchval("select count(*) from pg_locks where objid = 4711") == 0

    async def test_a_connection_kept_beyond_the_job_cannot_be_used(self, world: PostgresWorld) -> None:
        """Nobody reaches the transaction of the next job with it."""
        queue = world.queue(pool_size=1)
        kept: list[asyncpg.Connection[asyncpg.Record]] = []

        async def reserve_stock(job: ReserveStock) -> None:
            async with PostgresUnitOfWork(world.pool) as connection:
                kept.append(connection)

        await world.run(queue, reserve_stock)
        await world.reaches(await queue.enqueue(ReserveStock("SMALL-FORK")), JobState.COMPLETED)

        with pytest.raises(asyncpg.InterfaceError):
            await kept[0].execute("insert into effects (note) values ('from beyond')")
        assert await world.effects() == []
