"""Where the tables lie, and whose they are."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import PostgresInspection, PostgresOperations, PostgresQueue, PostgresUnitOfWork, migrate
from adapters.postgres.driver import Pool
from domain.jobs import JobId, JobState, current_job
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud, SendReceipt

NEVER = timedelta(hours=1)


async def use_everything(pool: Pool, schema: str) -> None:
    """Enqueue, wake, run, fail, retry by hand, look, shut down: every statement there is."""
    await migrate(pool, schema=schema)
    inspection = PostgresInspection(pool, schema=schema)
    operations = PostgresOperations(pool, schema=schema)
    unit_of_work = PostgresUnitOfWork(pool)
    attempts: list[int] = []

    async def check_fraud(job: CheckFraud) -> None:
        async with unit_of_work as connection:
            await connection.execute("select 1")
        attempts.append(current_job().attempt)
        if len(attempts) == 1:
            raise ConnectionError

    async def reaches(job_id: JobId, state: JobState) -> None:
        async def is_there() -> bool:
            return (await inspection.job(job_id)).state is state

        await eventually(is_there)

    queue = PostgresQueue(pool, schema=schema, poll_interval=NEVER, pool_name="clerk")
    await queue.register_job_func(check_fraud)
    async with unit_of_work:
        job_id = await queue.enqueue(CheckFraud("A-1001"))
    await reaches(job_id, JobState.SCHEDULED)
    await operations.retry(job_id)
    await reaches(job_id, JobState.COMPLETED)
    unknown = await queue.enqueue(SendReceipt("A-1001"))
    await operations.cancel(unknown)
    assert [worker.pool_name for worker in await inspection.workers()] == ["clerk"]
    await queue.shutdown()

    assert attempts == [1, 2]
    counts = await inspection.counts()
    assert {state: number for state, number in counts.items() if number} == {
        JobState.COMPLETED: 1,
        JobState.CANCELLED: 1,
    }


class TestSchema:
    """All objects lie in one schema, whose name can be chosen."""

    @pytest.mark.parametrize(
        "name",
        ["jobs", 'Jobs of the "first" floor\'s clerk', "{schema}", "%s $1", "ünïcödé", "select", "x" * 63],
    )
    async def test_any_name_will_do(self, pool: Pool, name: str) -> None:
        """Quotes, spaces and braces included."""
        await use_everything(pool, name)

    async def test_two_in_one_database_do_not_mix(self, pool: Pool) -> None:
        """Each has its own jobs and wakes its own workers."""
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await migrate(pool, schema="second")
        async with PostgresQueue(pool) as first, PostgresQueue(pool, schema="second") as second:
            await second.register_job_func(check_fraud)
            await first.enqueue(CheckFraud("of the first"))
            await second.enqueue(CheckFraud("of the second"))
            await eventually(lambda: checked == ["of the second"])

        assert (await PostgresInspection(pool).counts())[JobState.READY] == 1
        assert (await PostgresInspection(pool, schema="second").counts())[JobState.COMPLETED] == 1


@pytest.fixture
async def clerk(database_dsn: str, pool: Pool) -> AsyncIterator[str]:
    """Yield the DSN of a role that may create schemas in the database, and nothing else."""
    parts = urlsplit(database_dsn)
    database = parts.path.removeprefix("/")
    role = f"clerk_of_{database}"
    await pool.execute(f"create role \"{role}\" login password 'paperclip' nosuperuser nocreatedb nocreaterole")
    await pool.execute(f'grant create on database "{database}" to "{role}"')
    try:
        host = parts.netloc.rpartition("@")[2]
        yield urlunsplit(parts._replace(netloc=f"{role}:paperclip@{host}"))
    finally:
        await pool.execute(f'drop owned by "{role}" cascade')
        await pool.execute(f'drop role "{role}"')


class TestRole:
    """No superuser rights are needed."""

    async def test_an_ordinary_role_can_do_everything(self, clerk: str) -> None:
        """From the migration to the shutdown."""
        async with asyncpg.create_pool(clerk, min_size=0) as pool:
            assert await pool.fetchval("select not usesuper from pg_user where usename = current_user")
            await use_everything(pool, "office")

    async def test_an_ordinary_role_can_rescue(self, clerk: str) -> None:
        """It ends the sessions of the dead, which are its own."""
        async with asyncpg.create_pool(clerk, min_size=0) as doomed, asyncpg.create_pool(clerk, min_size=0) as pool:
            await migrate(pool, schema="office")
            await pool.execute("create table office.effects (attempt integer)")
            first = PostgresQueue(doomed, schema="office", pool_name="frozen", lease=timedelta(minutes=5))
            second = PostgresQueue(pool, schema="office")
            began: list[int] = []

            async def check_fraud(job: CheckFraud) -> None:
                began.append(current_job().attempt)
                async with PostgresUnitOfWork(doomed if len(began) == 1 else pool) as connection:
                    await connection.execute("insert into office.effects values ($1)", current_job().attempt)
                    if len(began) == 1:
                        await connection.execute("select pg_sleep(60)")

            async with first, second:
                await first.register_job_func(check_fraud)
                await first.enqueue(CheckFraud("A-1001"))
                await eventually(lambda: began == [1])
                await pool.execute("update office.workers set heartbeat_at = heartbeat_at - 2 * lease")
                await second.register_job_func(check_fraud)
                await eventually(lambda: began == [1, 2])
                await second.shutdown()
                await first.shutdown(timedelta(0))

            assert [row[0] for row in await pool.fetch("select attempt from office.effects")] == [2]
