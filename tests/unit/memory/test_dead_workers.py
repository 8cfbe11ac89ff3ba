"""Workers can be made to vanish, and a jump of the clock alone kills nobody."""

import asyncio
from datetime import timedelta

import pytest

from adapters.memory import InMemoryDatabase, InMemoryInspection, InMemoryQueue, ManualClock
from adapters.memory.store import InMemoryStore
from application.jobs.job_store import Enqueueing, Registration
from domain.jobs import JobState
from tests.unit.memory.shop import SendReceipt

RECEIPT = ("receipt", "{}")


@pytest.fixture
def store(database: InMemoryDatabase) -> InMemoryStore:
    """The default queue, worked by hand."""
    return InMemoryStore(database, "")


def registration(pool_name: str) -> Registration:
    """Return what a worker that knows receipts says of itself."""
    return Registration(pool_name, size=1, version="1", lease=timedelta(seconds=30), max_attempts={"receipt": 3})


@pytest.mark.parametrize("by", ["id", "pool name"])
async def test_a_vanished_worker_loses_its_jobs(
    store: InMemoryStore,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
    by: str,
) -> None:
    """At the next maintenance, without any time passing; and it claims nothing from the start."""
    await store.enqueue(Enqueueing([RECEIPT, RECEIPT], run_at=None, priority=0, carrier=None))
    worker = await store.register(registration("web-1"))
    (claimed,) = await store.claim(worker, ["receipt"], 1)

    database.vanish(worker if by == "id" else "web-1")

    assert await store.claim(worker, ["receipt"], 1) == []
    assert not await store.heartbeat(worker)
    assert (await inspection.job(claimed.id)).state is JobState.RUNNING
    await store.maintain()
    assert (await inspection.job(claimed.id)).state is JobState.READY
    assert await inspection.workers() == []


async def test_others_are_not_concerned(
    store: InMemoryStore,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
) -> None:
    """Neither by who vanished nor by who never was."""
    worker = await store.register(registration("web-1"))
    database.vanish("web-2")
    await store.maintain()

    assert await store.heartbeat(worker)
    assert [alive.pool_name for alive in await inspection.workers()] == ["web-1"]


async def test_a_jump_of_the_clock_does_not_kill_running_pools(
    database: InMemoryDatabase,
    clock: ManualClock,
    inspection: InMemoryInspection,
) -> None:
    """They answer it with a heartbeat before anybody is judged."""
    queue = InMemoryQueue(database)
    begun, finish = asyncio.Event(), asyncio.Event()

    async def send(job: SendReceipt) -> None:
        begun.set()
        await finish.wait()

    await queue.register_job_func(send)
    job_id = await queue.enqueue(SendReceipt("A-1"))
    await queue.start()
    async with asyncio.timeout(10):
        await begun.wait()

    clock.advance(timedelta(days=1))
    await InMemoryStore(database, "").maintain()
    assert (await inspection.workers())[0].last_seen == clock.now()

    finish.set()
    await queue.shutdown()
    job = await inspection.job(job_id)
    assert job.state is JobState.COMPLETED
    assert len(job.attempts) == 1


async def test_a_retried_job_is_not_pruned_for_its_former_end(
    store: InMemoryStore,
    database: InMemoryDatabase,
    clock: ManualClock,
    inspection: InMemoryInspection,
) -> None:
    """Only what is finished now is old."""
    (first, second) = await store.enqueue(Enqueueing([RECEIPT, RECEIPT], run_at=None, priority=0, carrier=None))
    table = database.jobs
    for job_id in (first, second):
        job = table.get(job_id)
        assert job is not None
        table.end(job, JobState.CANCELLED, clock.now())
        if job_id == first:
            table.make_ready(job, clock.now())

    clock.advance(timedelta(hours=25))
    await store.maintain()

    assert (await inspection.job(first)).state is JobState.READY
    assert await inspection.counts() == {**dict.fromkeys(JobState, 0), JobState.READY: 1}
