"""What the server refuses for good keeps no place of a pool, and what passes is waited for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import PostgresInspection, PostgresQueue, migrate
from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from adapters.postgres.store import PostgresStore
from domain.jobs import JobId, JobState, QueueNotMigrated, RetryPolicy
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud, SendReceipt

_IN_THE_WAY = """
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,
    enqueued_at, finished_at)
select id, queue, type, payload, priority, run_at, 'completed', 1, 0, 0, enqueued_at, now()
from arrower.jobs where id = $1"""


@pytest.fixture
async def latin_1(server_dsn: str, database_dsn: str) -> AsyncIterator[Pool]:
    """Yield connections to a database that knows no other characters."""
    name = f"{urlsplit(database_dsn).path.removeprefix('/')}_latin1"
    connection = await asyncpg.connect(server_dsn)
    await connection.execute(f"create database \"{name}\" encoding 'LATIN1' locale 'C' template template0")
    async with asyncpg.create_pool(urlunsplit(urlsplit(server_dsn)._replace(path=name)), min_size=0) as pool:
        await migrate(pool)
        yield pool
    await connection.execute(f'drop database "{name}" with (force)')
    await connection.close()


async def send_receipt(job: SendReceipt) -> None:
    """Fail, with a character that LATIN1 lacks."""
    msg = "✓ no paper"
    raise ConnectionError(msg)


async def check_fraud(job: CheckFraud) -> None:
    """Do nothing."""


async def reaches(pool: Pool, job: JobId, state: JobState) -> None:
    """Wait until the job is in the state."""

    async def is_so() -> bool:
        return (await PostgresInspection(pool).job(job)).state is state

    await eventually(is_so)


@pytest.mark.parametrize(("allowed", "state"), [(1, JobState.DEAD), (2, JobState.SCHEDULED)])
async def test_an_error_that_the_database_cannot_spell_ends_the_attempt(
    latin_1: Pool,
    allowed: int,
    state: JobState,
) -> None:
    """What kind of error it was is recorded."""
    async with PostgresQueue(latin_1, pool_size=1) as queue:
        await queue.register_job_func(send_receipt, retry=RetryPolicy(max_attempts=allowed))
        job = await queue.enqueue(SendReceipt("A-1001"))

        await reaches(latin_1, job, state)
    (attempt,) = (await PostgresInspection(latin_1).job(job)).attempts
    assert str(attempt.error).startswith("builtins.ConnectionError: ")


async def test_a_death_that_the_history_refuses_puts_the_job_off(
    pool: Pool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The place is free for others, and the log has what the record lacks."""
    async with PostgresQueue(pool, pool_size=1) as queue:
        job = await queue.enqueue(SendReceipt("A-1001"))
        await pool.execute(_IN_THE_WAY, job)
        await queue.register_job_func(send_receipt, retry=RetryPolicy(max_attempts=1))
        await queue.register_job_func(check_fraud)
        next_job = await queue.enqueue(CheckFraud("A-1002"))
        await reaches(pool, next_job, JobState.COMPLETED)

        row = await pool.fetchrow("select state, attempt, run_at - now() as wait from arrower.jobs where id = $1", job)
    assert row is not None
    assert (row["state"], row["attempt"]) == ("scheduled", 0)
    assert row["wait"] > timedelta(minutes=50)
    assert "✓ no paper" in caplog.text


@pytest.mark.parametrize(
    ("error", "worth_it"),
    [
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.UntranslatableCharacterError(), False),
        (asyncpg.StatementTooComplexError(), False),
        (asyncpg.exceptions._base.DataError("invalid input for query argument $3"), False),
        (TypeError("a bug"), False),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (asyncpg.TooManyConnectionsError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.SerializationError(), True),
        (asyncpg.DeadlockDetectedError(), True),
        (asyncpg.ReadOnlySQLTransactionError(), True),
        (asyncpg.QueryCanceledError(), True),
        (asyncpg.DiskFullError(), True),
        (asyncpg.InsufficientPrivilegeError(), True),
        (asyncpg.InvalidCachedStatementError(), True),
        (asyncpg.InternalClientError("the server said goodbye"), True),
        (QueueNotMigrated("no such column"), True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_which_errors_are_worth_another_try(pool: Pool, error: Exception, worth_it: bool) -> None:  # noqa: FBT001
    """What somebody can mend without touching the job is; what was written, or a bug, is not."""
    store = PostgresStore(pool, "", Schema(), None, timedelta(hours=1))

    assert store.worth_another_try(error) is worth_it
