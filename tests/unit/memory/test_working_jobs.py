"""A test can let jobs run, one at a time or all of them, here and now."""

import asyncio
import threading
from datetime import timedelta

import pytest

from adapters.memory import InMemoryDatabase, InMemoryInspection, InMemoryQueue, ManualClock
from application.jobs.looking import AttemptOutcome
from domain.jobs import JobState, RetryPolicy, current_job
from tests.unit.memory.shop import ReserveStock, SendReceipt


class Receipts:
    """A job func that keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[SendReceipt] = []

    async def __call__(self, job: SendReceipt) -> None:
        """Send."""
        self.sent.append(job)


async def refuse(job: SendReceipt) -> None:
    """Fail every time."""
    msg = "the printer is out of paper"
    raise RuntimeError(msg)


async def test_jobs_wait_until_told_to_be_worked(queue: InMemoryQueue) -> None:
    """Registering a job func does not start the pool."""
    receipts = Receipts()
    await queue.register_job_func(receipts)
    await queue.enqueue(SendReceipt("A-1"))

    assert receipts.sent == []
    assert queue.count() == 1


async def test_work_one_runs_the_next_job_to_its_end(queue: InMemoryQueue, inspection: InMemoryInspection) -> None:
    """One job, not more; and it is completed when the call returns."""
    receipts = Receipts()
    await queue.register_job_func(receipts)
    first, _ = await queue.enqueue([SendReceipt("A-1"), SendReceipt("A-2")])

    worked = await queue.work_one()

    assert worked
    assert receipts.sent == [SendReceipt("A-1")]
    assert queue.jobs() == [SendReceipt("A-2")]
    assert (await inspection.job(first)).state is JobState.COMPLETED


async def test_work_one_says_that_there_was_nothing_to_do(queue: InMemoryQueue, clock: ManualClock) -> None:
    """A scheduled job, or one of a type nobody knows, is nothing to do."""
    await queue.register_job_func(Receipts())
    await queue.enqueue(SendReceipt("A-1"), run_at=clock.now() + timedelta(seconds=1))
    await queue.enqueue(ReserveStock("SOFA"))

    assert not await queue.work_one()
    assert queue.count() == 2


async def test_work_all_also_runs_what_is_enqueued_meanwhile(queue: InMemoryQueue) -> None:
    """The most urgent first, whenever it was enqueued."""
    ran: list[object] = []

    async def reserve(job: ReserveStock) -> None:
        ran.append(job)

    async def send(job: SendReceipt) -> None:
        ran.append(job)
        if job.order == "A-1":
            await queue.enqueue(ReserveStock("SOFA"), priority=-1)

    await queue.register_job_func(send)
    await queue.register_job_func(reserve)
    await queue.enqueue([SendReceipt("A-1"), SendReceipt("A-2")])

    assert await queue.work_all() == 3
    assert ran == [SendReceipt("A-1"), ReserveStock("SOFA"), SendReceipt("A-2")]
    queue.assert_that.empty()


async def test_a_failure_is_recorded_and_not_raised(queue: InMemoryQueue, inspection: InMemoryInspection) -> None:
    """The job waits for its retry, so work_all ends."""
    await queue.register_job_func(refuse)
    job_id = await queue.enqueue(SendReceipt("A-1"))

    assert await queue.work_all() == 1

    job = await inspection.job(job_id)
    assert job.state is JobState.SCHEDULED
    assert [attempt.outcome for attempt in job.attempts] == [AttemptOutcome.FAILED]
    assert job.attempts[0].error == "RuntimeError: the printer is out of paper"


async def test_a_retry_runs_when_the_clock_says_so(
    queue: InMemoryQueue,
    clock: ManualClock,
    inspection: InMemoryInspection,
) -> None:
    """Until the attempts are used up."""
    await queue.register_job_func(refuse, retry=RetryPolicy(max_attempts=3))
    job_id = await queue.enqueue(SendReceipt("A-1"))

    attempts = 0
    while queue.count():
        attempts += await queue.work_all()
        clock.advance(timedelta(minutes=1))

    assert attempts == 3
    assert (await inspection.job(job_id)).state is JobState.DEAD


async def test_a_plain_function_is_worked_in_a_thread(queue: InMemoryQueue) -> None:
    """As in a running pool, and no thread is left behind."""
    seen: list[tuple[int, threading.Thread]] = []

    def send(job: SendReceipt) -> None:
        seen.append((current_job().attempt, threading.current_thread()))

    await queue.register_job_func(send)
    await queue.enqueue(SendReceipt("A-1"))
    await queue.work_all()

    (attempt, thread) = seen[0]
    thread.join(timeout=10)
    assert attempt == 1
    assert not thread.is_alive()


async def test_a_cancelled_work_one_hands_the_job_back(queue: InMemoryQueue, inspection: InMemoryInspection) -> None:
    """No attempt is counted, and nothing goes on in the background."""
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def hang(job: SendReceipt) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    await queue.register_job_func(hang)
    job_id = await queue.enqueue(SendReceipt("A-1"))
    working = asyncio.create_task(queue.work_one())
    await begun.wait()
    working.cancel()
    await asyncio.wait([working])

    assert working.cancelled()
    assert cancelled.is_set()
    job = await inspection.job(job_id)
    assert (job.state, job.attempts) == (JobState.READY, ())


async def test_a_started_queue_works_in_the_background(queue: InMemoryQueue) -> None:
    """Funcs registered before and after the start, and starting twice changes nothing."""
    received, reserved = asyncio.Event(), asyncio.Event()

    async def send(job: SendReceipt) -> None:
        received.set()

    async def reserve(job: ReserveStock) -> None:
        reserved.set()

    await queue.enqueue([SendReceipt("A-1"), ReserveStock("SOFA")])
    await queue.start()
    await queue.register_job_func(send)
    async with asyncio.timeout(10):
        await received.wait()
    await queue.start()
    await queue.register_job_func(reserve)
    async with asyncio.timeout(10):
        await reserved.wait()
    await queue.shutdown()

    queue.assert_that.empty()


async def test_a_started_queue_fills_batches(queue: InMemoryQueue) -> None:
    """Also for a func that was registered before the start."""
    batches: asyncio.Queue[int] = asyncio.Queue()

    async def send(jobs: list[SendReceipt]) -> None:
        await batches.put(len(jobs))

    await queue.register_job_func(send, batch_size=100)
    await queue.enqueue([SendReceipt(f"A-{number}") for number in range(100)])
    await queue.start()
    async with asyncio.timeout(10):
        first = await batches.get()
    await queue.shutdown()

    assert first == 100


async def test_a_started_queue_is_not_worked_by_hand(queue: InMemoryQueue) -> None:
    """The error says why; after a shutdown it works."""
    await queue.register_job_func(Receipts())
    await queue.start()

    with pytest.raises(RuntimeError, match="was started"):
        await queue.work_one()
    with pytest.raises(RuntimeError, match="was started"):
        await queue.work_all()

    await queue.shutdown()
    await queue.enqueue(SendReceipt("A-1"))
    assert await queue.work_all() == 1


async def test_reset_forgets_the_jobs_and_the_history_of_one_queue(
    queue: InMemoryQueue,
    inspection: InMemoryInspection,
) -> None:
    """Whatever state they are in; the job funcs stay."""
    await queue.register_job_func(refuse)
    await queue.enqueue([SendReceipt("A-1"), ReserveStock("SOFA")])
    await queue.work_all()

    queue.reset()

    queue.assert_that.empty()
    assert not any((await inspection.counts()).values())
    await queue.enqueue(SendReceipt("A-2"))
    assert await queue.work_all() == 1


async def test_reset_leaves_other_queues_alone(database: InMemoryDatabase, queue: InMemoryQueue) -> None:
    """Also those of the same database."""
    emails = InMemoryQueue(database, "emails")
    await emails.enqueue(SendReceipt("A-1"))
    queue.reset()

    emails.assert_that.total(1)


async def test_an_attempt_that_runs_during_a_reset_has_lost_its_job(queue: InMemoryQueue) -> None:
    """It writes nothing, and is not counted."""

    async def reset_and_enqueue(job: SendReceipt) -> None:
        await queue.enqueue(ReserveStock("SOFA"))
        queue.reset()

    await queue.register_job_func(reset_and_enqueue)
    await queue.enqueue(SendReceipt("A-1"))

    assert await queue.work_all() == 1
    queue.assert_that.empty()
