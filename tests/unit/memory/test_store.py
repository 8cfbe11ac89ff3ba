"""The store, driven by hand: what a running pool would hide."""

from datetime import timedelta

import pytest

from adapters.memory import InMemoryDatabase, InMemoryInspection, ManualClock
from adapters.memory.store import InMemoryStore
from application.jobs.instants import datetime_of
from application.jobs.job_store import (
    ClaimedJob,
    EndedAttempt,
    Enqueueing,
    ErrorReport,
    PoolSignals,
    Registration,
)
from domain.jobs import JobState

RECEIPT = ("receipt", "{}")
WEB = Registration("web-1", size=1, version="1", lease=timedelta(seconds=30), max_attempts={"receipt": 3})


class HeardSignals(PoolSignals):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def jobs_ready(self) -> None:
        """Note it."""
        self.heard.append("ready")

    def jobs_scheduled(self) -> None:
        """Note it."""
        self.heard.append("scheduled")

    def jobs_called_off(self) -> None:
        """Note it."""
        self.heard.append("called off")

    def look_again(self) -> None:
        """Note it."""
        self.heard.append("look again")


@pytest.fixture
def store(database: InMemoryDatabase) -> InMemoryStore:
    """The default queue."""
    return InMemoryStore(database, "")


@pytest.fixture
def signals(database: InMemoryDatabase) -> HeardSignals:
    """A pool that listens to the default queue through a store of its own."""
    signals = HeardSignals()
    InMemoryStore(database, "").subscribe(signals)
    return signals


async def enqueue(store: InMemoryStore, delay: timedelta | None = None) -> None:
    """Enqueue a receipt."""
    run_at = None if delay is None else datetime_of(store.now()) + delay
    await store.enqueue(Enqueueing([RECEIPT], run_at=run_at, priority=0, carrier=None))


async def claim(store: InMemoryStore) -> ClaimedJob:
    """Claim the one job there is, as a worker that is new."""
    (job,) = await store.claim(await store.register(WEB), ["receipt"], 10)
    return job


async def test_whatever_makes_a_job_wait_is_signalled_to_all_pools_of_its_queue(
    store: InMemoryStore,
    signals: HeardSignals,
    clock: ManualClock,
) -> None:
    """And nothing of other queues."""
    hour = timedelta(hours=1)
    await enqueue(store)
    await store.snooze(await claim(store), hour)
    clock.advance(hour)
    await store.promote()
    await store.release([await claim(store)])
    job = await claim(store)
    await store.retry(EndedAttempt(job, store.now(), store.now()), ErrorReport("no paper", ""), timedelta(0))
    await enqueue(store, hour)

    assert signals.heard == ["ready", "scheduled", "look again", "ready", "ready", "ready", "scheduled"]


async def test_nothing_is_signalled_to_other_queues_and_after_unsubscribing(
    store: InMemoryStore,
    signals: HeardSignals,
    database: InMemoryDatabase,
) -> None:
    """A pool hears what it asked for."""
    await enqueue(InMemoryStore(database, "emails"))
    await store.unsubscribe(signals)
    await enqueue(store)

    assert signals.heard == []


async def test_promoting_nothing_is_not_signalled(store: InMemoryStore, signals: HeardSignals) -> None:
    """It would wake the pools for nothing; the answer tells when it is worth looking again."""
    await enqueue(store, timedelta(minutes=3))
    signals.heard.clear()

    assert (await store.promote()).next_due == timedelta(minutes=3)
    assert signals.heard == []


async def test_a_worker_that_leaves_hands_its_jobs_back(store: InMemoryStore) -> None:
    """Without an attempt counted."""
    await enqueue(store)
    worker = await store.register(WEB)
    (job,) = await store.claim(worker, ["receipt"], 1)
    await store.deregister(worker)
    again = await claim(store)

    assert (again.id, again.attempt, again.fence) == (job.id, 1, 2)


async def test_completing_twice_is_not_a_loss(store: InMemoryStore, inspection: InMemoryInspection) -> None:
    """Whoever did not hear the answer may ask again; another attempt may not."""
    await enqueue(store)
    job = await claim(store)
    ended = EndedAttempt(job, store.now(), store.now())
    stale = EndedAttempt(job._replace(fence=job.fence - 1), store.now(), store.now())
    await store.complete([ended])

    assert await store.complete([ended]) == []
    assert await store.complete([stale]) == [stale.job]
    assert (await inspection.job(job.id)).state is JobState.COMPLETED


async def test_a_mark_is_of_one_attempt_only(
    store: InMemoryStore,
    database: InMemoryDatabase,
    inspection: InMemoryInspection,
) -> None:
    """The next attempt, not marked, was not begun: it is refunded where that matters."""
    await enqueue(store)
    for marked in (True, False):
        job = await claim(store)
        if marked:
            assert await store.mark_started(job)
        database.vanish(WEB.pool_name)
        await store.maintain()

    record = await inspection.job(job.id)
    assert [attempt.number for attempt in record.attempts] == [1]
    assert (await claim(store)).attempt == 2
