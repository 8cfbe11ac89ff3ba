"""The transaction of an attempt: what a job func writes is one commit with its job, or nothing."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from adapters.memory import (
    InMemoryDatabase,
    InMemoryInspection,
    InMemoryOperations,
    InMemoryQueue,
    InMemoryUnitOfWork,
    WriteConflict,
)
from adapters.memory.store import InMemoryStore
from application.jobs.instants import instant_of
from application.jobs.job_store import EndedAttempt, Registration
from application.jobs.looking import AttemptOutcome
from domain.jobs import AttemptLost, JobState, RetryPolicy, job_type_of
from tests.unit.memory.shop import ReserveStock, SendReceipt, apart

AT_ONCE = RetryPolicy(base=timedelta(0))


async def test_a_unit_on_another_database_joins_the_attempt(
    queue: InMemoryQueue,
    inspection: InMemoryInspection,
) -> None:
    """The application's database need not be that of the queue."""
    shop = InMemoryDatabase()
    unit_of_work = InMemoryUnitOfWork(shop)

    async def send(job: SendReceipt) -> None:
        async with unit_of_work as transaction:
            transaction.table("receipts")[job.order] = True
        assert shop.rows("receipts") == {}

    await queue.register_job_func(send)
    job_id = await queue.enqueue(SendReceipt("A-1"))
    await queue.work_one()

    assert (await inspection.job(job_id)).state is JobState.COMPLETED
    assert shop.rows("receipts") == {"A-1": True}


async def test_a_conflict_fails_the_attempt_and_the_next_one_succeeds(
    queue: InMemoryQueue,
    unit_of_work: InMemoryUnitOfWork,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
) -> None:
    """Nothing of the first attempt is left, and its error is kept."""

    async def restock() -> None:
        async with unit_of_work as transaction:
            transaction.table("stock")["SOFA"] = 10

    async def reserve(job: ReserveStock) -> None:
        async with unit_of_work as transaction:
            stock = transaction.table("stock")
            pieces = stock.get("SOFA", 0)
            if not pieces:
                await apart(restock())
            stock["SOFA"] = pieces - 1

    await queue.register_job_func(reserve, retry=AT_ONCE)
    job_id = await queue.enqueue(ReserveStock("SOFA"))

    assert await queue.work_all() == 2
    assert database.rows("stock") == {"SOFA": 9}
    first, second = (await inspection.job(job_id)).attempts
    assert first.error is not None
    assert WriteConflict.__name__ in first.error
    assert second.outcome is AttemptOutcome.COMPLETED


async def test_a_block_that_failed_inside_a_job_func_fails_the_attempt(
    queue: InMemoryQueue,
    unit_of_work: InMemoryUnitOfWork,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
) -> None:
    """Even where the job func swallowed the error and returned."""

    async def send(job: SendReceipt) -> None:
        with suppress(ZeroDivisionError):
            async with unit_of_work as transaction:
                transaction.table("receipts")[job.order] = True
                raise ZeroDivisionError

    await queue.register_job_func(send, retry=RetryPolicy(max_attempts=1))
    job_id = await queue.enqueue(SendReceipt("A-1"))
    await queue.work_all()

    job = await inspection.job(job_id)
    assert job.state is JobState.DEAD
    assert "a block inside the unit of work failed" in str(job.attempts[0].error)
    assert database.rows("receipts") == {}


@pytest.mark.parametrize("how", ["fails", "succeeds"])
async def test_a_task_that_an_attempt_left_behind_is_refused(
    queue: InMemoryQueue,
    unit_of_work: InMemoryUnitOfWork,
    database: InMemoryDatabase,
    how: str,
) -> None:
    """It gets no unit of its own: nobody would know that its writes belong to a job that has ended."""
    ended = asyncio.Event()
    refusals: list[AttemptLost] = []
    strays: list[asyncio.Task[None]] = []

    async def stray(job: SendReceipt) -> None:
        async with unit_of_work as transaction:
            notes = transaction.table("notes")
            await ended.wait()
            with pytest.raises(AttemptLost) as refused:
                notes[job.order] = "late"
            refusals.append(refused.value)
        with pytest.raises(AttemptLost) as refused:
            async with unit_of_work:
                raise NotImplementedError
        refusals.append(refused.value)
        with pytest.raises(AttemptLost) as refused:
            await queue.enqueue(ReserveStock("SOFA"))
        refusals.append(refused.value)

    async def send(job: SendReceipt) -> None:
        begun = asyncio.Event()

        async def signal_and_stray() -> None:
            begun.set()
            await stray(job)

        strays.append(asyncio.create_task(signal_and_stray()))
        await begun.wait()
        if how == "fails":
            raise ZeroDivisionError

    await queue.register_job_func(send, retry=RetryPolicy(max_attempts=1))
    job_id = await queue.enqueue(SendReceipt("A-1"))
    await queue.work_all()
    ended.set()
    await asyncio.gather(*strays)

    assert [(lost.job_id, lost.attempt) for lost in refusals] == [(job_id, 1)] * 3
    assert database.rows("notes") == {}
    queue.assert_that.empty()


async def test_an_attempt_that_never_wrote_leaves_nothing_to_its_strays_either(queue: InMemoryQueue) -> None:
    """The transaction that never began is closed, too."""
    ended = asyncio.Event()
    strays: list[asyncio.Task[object]] = []

    async def linger() -> object:
        await ended.wait()
        return await queue.enqueue(ReserveStock("SOFA"))

    async def send(job: SendReceipt) -> None:
        strays.append(asyncio.create_task(linger()))

    await queue.register_job_func(send)
    await queue.enqueue(SendReceipt("A-1"))
    await queue.work_all()
    ended.set()

    with pytest.raises(AttemptLost):
        await strays[0]
    queue.assert_that.empty()


async def test_operations_and_other_queues_act_outside_the_attempt(
    queue: InMemoryQueue,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
) -> None:
    """What is asked of a job by hand happens at once, whatever becomes of the attempt."""
    operations = InMemoryOperations(database)
    reserve_id = await queue.enqueue(ReserveStock("SOFA"))

    async def send(job: SendReceipt) -> None:
        await operations.cancel(reserve_id)
        raise ZeroDivisionError

    await queue.register_job_func(send)
    await queue.enqueue(SendReceipt("A-1"))
    await queue.work_all()

    assert (await inspection.job(reserve_id)).state is JobState.CANCELLED


async def test_a_batch_of_which_one_job_was_lost_commits_nothing(
    queue: InMemoryQueue,
    unit_of_work: InMemoryUnitOfWork,
    database: InMemoryDatabase,
) -> None:
    """Neither what was written nor the completion of the others."""
    store = InMemoryStore(database, "")
    registration = Registration("web-1", size=1, version="1", lease=timedelta(seconds=30), max_attempts={})
    await queue.enqueue([SendReceipt("A-1"), SendReceipt("A-2")])
    worker = await store.register(registration)
    kept, lost = claimed = await store.claim(worker, [job_type_of(SendReceipt)], 2)

    async def attempt() -> None:
        transaction = store.transaction(*claimed)
        transaction.enter()
        async with unit_of_work as inside:
            inside.table("receipts")["A-1"] = True
        await store.release([lost])
        transaction.close()
        now = instant_of(database.now())
        with pytest.raises(AttemptLost) as refused:
            await transaction.commit(*(EndedAttempt(job, now, now) for job in claimed))
        assert refused.value.job_id == lost.id
        await transaction.rollback()

    await apart(attempt())

    assert database.rows("receipts") == {}
    assert await store.mark_started(kept)
    assert queue.jobs() == [SendReceipt("A-2")]


async def test_work_one_calls_a_func_that_takes_lists_once_with_what_is_ready(queue: InMemoryQueue) -> None:
    """As a running pool would: one call, one batch."""
    batches: list[list[SendReceipt]] = []

    async def send(jobs: list[SendReceipt]) -> None:
        batches.append(jobs)

    await queue.register_job_func(send)
    await queue.enqueue([SendReceipt("A-1"), SendReceipt("A-2")])

    assert await queue.work_one()
    assert batches == [[SendReceipt("A-1"), SendReceipt("A-2")]]
