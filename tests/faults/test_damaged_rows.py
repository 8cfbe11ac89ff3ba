"""Rows that somebody damaged by hand, or wrote in SQL: that job suffers, the worker and all other jobs do not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import make_dataclass
from typing import Any

import asyncpg
import pytest

from adapters.postgres import PostgresInspection, PostgresOperations, PostgresQueue, PostgresUnitOfWork
from adapters.postgres.driver import Pool
from domain.jobs import JobId, JobNotFound, JobState, RetryPolicy, current_job
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud, SendReceipt

_INSERT = """
insert into arrower.jobs
    (type, payload, run_at, enqueued_at, attempt, fence, rescues, priority, state, carrier, worker)
values
    ('fraud.check', $1::text::json, $2::text::timestamptz, $3::text::timestamptz, $4, $5, $6, $7, $8,
     $9::text::json, $10)
returning id"""

GOOD = '{"order": "A-1001"}'

DEAD = [
    pytest.param({"payload": "[]"}, id="payload is a list"),
    pytest.param({"payload": "null"}, id="payload is null"),
    pytest.param({"payload": "7"}, id="payload is a number"),
    pytest.param({"payload": '"A-1001"'}, id="payload is text"),
    pytest.param({"payload": "{}"}, id="payload lacks a field"),
    pytest.param({"payload": '{"order": {"no": "text"}}'}, id="field of another shape"),
    pytest.param({"payload": '{"order": null}'}, id="field is null"),
    pytest.param({"payload": '{"order": "' + r"\ud800" + '"}'}, id="half a surrogate pair"),
    pytest.param({"payload": "[" * 1_000 + "]" * 1_000}, id="nested 1,000 deep"),
    pytest.param({"payload": '{"order": ' + "[" * 900 + "]" * 900 + "}"}, id="field nested 900 deep"),
    pytest.param({"payload": "9" * 5_000}, id="a number of 5,000 digits"),
    pytest.param({"payload": '{"order": 1e999999}'}, id="a number beyond all floats"),
]

COMPLETED = [
    pytest.param({"run_at": "-infinity"}, id="run_at -infinity"),
    pytest.param({"run_at": "4713-01-01 00:00+00 BC"}, id="run_at 4713 BC"),
    pytest.param({"run_at": "0001-01-01 00:00+00"}, id="run_at in year 1"),
    pytest.param({"enqueued_at": "infinity"}, id="enqueued_at infinity"),
    pytest.param({"enqueued_at": "-infinity"}, id="enqueued_at -infinity"),
    pytest.param({"enqueued_at": "294276-12-31 23:59:59+00"}, id="enqueued_at in year 294276"),
    pytest.param({"enqueued_at": "0044-03-15 00:00+00 BC"}, id="enqueued_at 44 BC"),
    pytest.param({"attempt": -5}, id="attempt negative"),
    pytest.param({"attempt": 31_000}, id="attempt beyond max"),
    pytest.param({"fence": 2_000_000_000}, id="fence huge"),
    pytest.param({"rescues": 31_000}, id="rescues huge"),
    pytest.param({"rescues": -3}, id="rescues negative"),
    pytest.param({"priority": -32_768}, id="priority lowest"),
    pytest.param({"carrier": "[]"}, id="carrier is a list"),
    pytest.param({"carrier": "7"}, id="carrier is a number"),
    pytest.param({"carrier": '{"traceparent": 7, "baggage": null}'}, id="carrier of numbers"),
    pytest.param({"carrier": '{"traceparent": "00-garbage", "baggage": "=;=,%%%"}'}, id="carrier is garbage"),
    pytest.param({"carrier": "[" * 1_000 + "]" * 1_000}, id="carrier nested 1,000 deep"),
    pytest.param({"worker": 9_223_372_036_854_775_807}, id="worker unknown"),
]


@pytest.fixture
async def queue(pool: Pool) -> AsyncIterator[PostgresQueue]:
    """Yield a queue that is shut down in the end."""
    async with PostgresQueue(pool, pool_size=2) as queue:
        yield queue


async def insert(pool: Pool, **damage: Any) -> JobId:
    """Write a row as it is not meant to be."""
    row = {
        "payload": GOOD,
        "run_at": "2026-01-01 00:00+00",
        "enqueued_at": "2026-01-01 00:00+00",
        "attempt": 0,
        "fence": 0,
        "rescues": 0,
        "priority": 0,
        "state": "ready",
        "carrier": None,
        "worker": None,
    } | damage
    return JobId(await pool.fetchval(_INSERT, *row.values()))


async def reaches(pool: Pool, job_id: JobId, state: str) -> None:
    """Wait for the job to end so."""

    async def is_so() -> bool:
        ended: object = await pool.fetchval("select state from arrower.finished_jobs where id = $1", job_id)
        return ended == state

    await eventually(is_so)


async def works_beside(pool: Pool, queue: PostgresQueue, damaged: JobId, state: str) -> list[str]:
    """Run the damaged job between two good ones; return what was run, once all three have ended."""
    checked: list[str] = []

    async def check_fraud(job: CheckFraud) -> None:
        current_job()
        async with PostgresUnitOfWork(pool) as connection:
            await connection.execute("select 1")
        checked.append(job.order)

    before = await queue.enqueue(CheckFraud("BEFORE"), priority=-5)
    after = await queue.enqueue(CheckFraud("AFTER"), priority=5)
    await queue.register_job_func(check_fraud)
    for good in (before, after):
        await reaches(pool, good, "completed")
    await reaches(pool, damaged, state)
    return checked


@pytest.mark.parametrize("damage", DEAD)
async def test_a_payload_that_cannot_be_read_kills_its_job_only(
    pool: Pool, queue: PostgresQueue, damage: dict[str, Any]
) -> None:
    """Dead with the reason in its history; the others run."""
    damaged = await insert(pool, **damage)

    checked = await works_beside(pool, queue, damaged, "dead")

    assert sorted(checked) == ["AFTER", "BEFORE"]
    record = await PostgresInspection(pool).job(damaged)
    assert record.state is JobState.DEAD
    assert "does not fit" in str(record.attempts[-1].error)


@pytest.mark.parametrize("damage", COMPLETED)
async def test_absurd_times_and_numbers_hold_nobody_up(
    pool: Pool, queue: PostgresQueue, damage: dict[str, Any]
) -> None:
    """The job runs, and can be looked at; the others run."""
    damaged = await insert(pool, **damage)

    checked = await works_beside(pool, queue, damaged, "completed")

    assert sorted(checked) == ["A-1001", "AFTER", "BEFORE"]
    record = await PostgresInspection(pool).job(damaged)
    assert record.state is JobState.COMPLETED
    assert record.run_at.tzinfo is not None
    assert record.enqueued_at.tzinfo is not None


@pytest.mark.parametrize("run_at", ["infinity", "294276-12-31 23:59:59+00", "10000-01-01 00:00+00"])
async def test_a_job_scheduled_beyond_all_time_waits_and_holds_nobody_up(
    pool: Pool, queue: PostgresQueue, run_at: str
) -> None:
    """It can be looked at, retried now, and cancelled."""
    for state in ("scheduled", "ready"):
        job_id = await insert(pool, run_at=run_at, state=state)
        assert (await PostgresInspection(pool).job(job_id)).state.value == state
    kept = await insert(pool, run_at=run_at, state="scheduled")
    good = await queue.enqueue(CheckFraud("A-1002"))

    async def check_fraud(job: CheckFraud) -> None:
        """Do nothing."""

    await queue.register_job_func(check_fraud)
    await reaches(pool, good, "completed")
    await PostgresOperations(pool).retry(kept)
    await reaches(pool, kept, "completed")

    assert await pool.fetchval("select count(*) from arrower.jobs") == 2


async def test_a_failing_job_with_absurd_counters_ends_dead(pool: Pool, queue: PostgresQueue) -> None:
    """Beyond its bound already, it gets no further attempt; at the end of 16 bits nothing overflows."""
    beyond = await insert(pool, attempt=100)
    last = await insert(pool, attempt=32_766, rescues=32_767)

    async def check_fraud(job: CheckFraud) -> None:
        msg = "no luck"
        raise RuntimeError(msg)

    await queue.register_job_func(check_fraud, retry=RetryPolicy(max_attempts=3))
    await reaches(pool, beyond, "dead")
    await reaches(pool, last, "dead")


@pytest.mark.parametrize(
    "damage",
    [{"attempt": 32_767}, {"fence": 2_147_483_647}],
    ids=["attempt at the end of its range", "fence at the end of its range"],
)
async def test_a_counter_at_the_end_of_its_range_does_not_block_the_queue(
    pool: Pool, queue: PostgresQueue, damage: dict[str, Any]
) -> None:
    """Such a job cannot be claimed; the others must be."""
    await insert(pool, **damage)
    good = await queue.enqueue(CheckFraud("A-1002"))

    async def check_fraud(job: CheckFraud) -> None:
        """Do nothing."""

    await queue.register_job_func(check_fraud)

    await reaches(pool, good, "completed")


async def test_a_job_that_the_history_has_already_holds_up_no_completion_of_others(
    pool: Pool,
    queue: PostgresQueue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server refuses its completion, again and again, and takes it once the history was mended."""
    monkeypatch.setattr("application.jobs.completions._REFUSED_AGAIN", 0.3)
    ids = await queue.enqueue([CheckFraud(f"A-{n}") for n in range(30)])
    await pool.execute(
        "insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,"
        " enqueued_at, finished_at) select id, queue, type, payload, priority, run_at, 'completed', 1, 0, 0,"
        " enqueued_at, now() from arrower.jobs where id = $1",
        ids[7],
    )

    async def check_fraud(job: CheckFraud) -> None:
        pass

    async def only_that_one_is_left() -> bool:
        return [row[0] for row in await pool.fetch("select id from arrower.jobs")] == [ids[7]]

    await queue.register_job_func(check_fraud)
    await eventually(only_that_one_is_left)
    await pool.execute("delete from arrower.finished_jobs where id = $1", ids[7])

    await reaches(pool, ids[7], "completed")


async def test_a_running_row_of_no_worker_is_left_alone(pool: Pool, queue: PostgresQueue) -> None:
    """Nobody knows whose it is; nothing else suffers, and people see it."""
    orphan = await insert(pool, state="running", attempt=1, worker=77)
    good = await queue.enqueue(CheckFraud("A-1002"))

    async def check_fraud(job: CheckFraud) -> None:
        """Do nothing."""

    await queue.register_job_func(check_fraud)
    await reaches(pool, good, "completed")

    try:
        assert (await PostgresInspection(pool).job(orphan)).state in (JobState.RUNNING, JobState.COMPLETED)
    except JobNotFound:
        pytest.fail("the orphan was lost")


async def test_the_tables_refuse_what_is_no_job(pool: Pool) -> None:
    """Payload and carrier are JSON, states and queue names are checked by the server."""
    for damage in ({"payload": "{not json"}, {"carrier": "{not json"}, {"state": "odd"}, {"payload": None}):
        with pytest.raises(asyncpg.PostgresError):
            await insert(pool, **damage)


async def test_notifications_of_strangers_harm_nobody(pool: Pool, queue: PostgresQueue) -> None:
    """Anybody may notify the channel, with anything."""
    done = asyncio.Event()

    async def send_receipt(job: SendReceipt) -> None:
        done.set()

    await queue.register_job_func(send_receipt)
    for text in ("", ":", "::", "r:abc:", "r:99999999999999999999:", "s", "r:-32768:\N{PILE OF POO}", "x" * 7_000):
        await pool.execute("select pg_notify('arrower', $1)", text)
    await queue.enqueue(SendReceipt("A-1001"))

    await eventually(done.is_set)


@pytest.mark.parametrize(
    "name", ["it's", 'say "hi"', "; drop table arrower.jobs; --", "100 %s %d %", "$1", "{schema}", "📮:a:b"]
)
async def test_odd_queue_and_type_names_are_names(pool: Pool, name: str) -> None:
    """Quotes, semicolons, percent signs and emoji mean nothing to the queue."""
    odd: Any = make_dataclass("Odd", [("text", str)], namespace={"job_type": name})
    seen: list[str] = []

    async def run_odd(job: Any) -> None:
        seen.append(job.text)
        async with PostgresUnitOfWork(pool) as connection:
            await connection.execute("select 1")

    run_odd.__annotations__["job"] = odd
    async with PostgresQueue(pool, name, pool_name=name) as queue:
        await queue.register_job_func(run_odd)
        job_id = await queue.enqueue(odd(name))
        await reaches(pool, job_id, "completed")

    assert seen == [name]
    record = await PostgresInspection(pool).job(job_id)
    assert (record.queue, record.type, record.attempts[0].pool_name) == (name, name, name)
