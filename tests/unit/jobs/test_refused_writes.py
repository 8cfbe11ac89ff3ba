"""What becomes of a job, and of its worker, when storage does not take how an attempt ended."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest

from adapters.memory import InMemoryDatabase, InMemoryInspection, InMemoryOperations, ManualClock
from adapters.memory.store import InMemoryStore
from adapters.payloads import PydanticPayloads
from adapters.telemetry import OpenTelemetry
from application.jobs.job_queue import JobQueue
from application.jobs.job_store import ClaimedJob, EndedAttempt, ErrorReport, WorkerId
from application.jobs.options import QueueOptions
from domain.jobs import JobId, JobState, RetryPolicy
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt
from tests.worlds.telescope import Telescope


class Away(Exception):
    """Storage is away, and will be back."""


class Refusing(InMemoryStore):
    """Takes what it is told to take."""

    def __init__(self, database: InMemoryDatabase) -> None:
        super().__init__(database, "")
        self.failing: dict[str, Exception] = {}
        self.says: Callable[[ErrorReport], bool] = lambda report: True
        self.bad: set[JobId] = set()
        self.tries = 0

    def worth_another_try(self, error: Exception) -> bool:
        """Tell that what is away comes back."""
        return isinstance(error, Away)

    async def retry(self, ended: EndedAttempt, error: ErrorReport, delay: timedelta) -> bool:
        """Refuse, or record."""
        self._perhaps("retry")
        if not self.says(error):
            raise UnicodeError
        return await super().retry(ended, error, delay)

    async def snooze(self, job: ClaimedJob, delay: timedelta) -> bool:
        """Refuse, or put off."""
        self._perhaps("snooze")
        return await super().snooze(job, delay)

    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        """Refuse, or hand back."""
        self._perhaps("release")
        await super().release(jobs)

    async def cancel(self, ended: EndedAttempt) -> bool:
        """Refuse, or cancel."""
        self._perhaps("cancel")
        return await super().cancel(ended)

    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        """Refuse, or claim."""
        self._refuse("claim")
        return await super().claim(worker, types, limit)

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Refuse all where one of them is bad."""
        if any(attempt.job.id in self.bad for attempt in ended):
            self.tries += 1
            raise ValueError(len(ended))
        self._refuse("complete")
        return await super().complete(ended)

    def _perhaps(self, write: str) -> None:
        self.tries += 1
        self._refuse(write)

    def _refuse(self, operation: str) -> None:
        if operation in self.failing:
            raise self.failing[operation]


@pytest.fixture
def database() -> InMemoryDatabase:
    """Return an empty database at a time that stands still."""
    return InMemoryDatabase(ManualClock())


@pytest.fixture
def store(database: InMemoryDatabase) -> Refusing:
    """Return a store that takes everything so far."""
    return Refusing(database)


@asynccontextmanager
async def running(
    store: Refusing,
    size: int = 1,
    telemetry: OpenTelemetry | None = None,
) -> AsyncIterator[JobQueue]:
    """Run a pool on the store."""
    options = QueueOptions(pool_size=size, lease=timedelta(days=300), poll_interval=timedelta(milliseconds=25))
    async with JobQueue(store, PydanticPayloads(), telemetry or OpenTelemetry(), options) as queue:
        yield queue


async def send_receipt(job: SendReceipt) -> None:
    """Fail."""
    msg = "✓ no paper"
    raise ConnectionError(msg)


async def check_fraud(job: CheckFraud) -> None:
    """Do nothing."""


async def reaches(database: InMemoryDatabase, job: JobId, state: JobState) -> None:
    """Wait until the job is in the state."""
    inspection = InMemoryInspection(database)

    async def is_so() -> bool:
        return (await inspection.job(job)).state is state

    await eventually(is_so)


async def fail_and_go_on(queue: JobQueue, database: InMemoryDatabase) -> JobId:
    """Return a job whose attempt has failed; the next one has completed since, in the only place of the pool."""
    await queue.register_job_func(send_receipt)
    await queue.register_job_func(check_fraud)
    job = await queue.enqueue(SendReceipt("A-1001"))
    next_job = await queue.enqueue(CheckFraud("A-1002"))
    await reaches(database, next_job, JobState.COMPLETED)
    return job


async def test_a_store_that_is_away_is_asked_until_it_is_back(
    database: InMemoryDatabase,
    store: Refusing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The end of the attempt is recorded then, in full."""
    monkeypatch.setattr("application.jobs.failed_attempts._FIRST_BACKOFF", 0.001)
    store.failing = {"retry": Away()}
    async with running(store) as queue:
        await queue.register_job_func(send_receipt)
        job = await queue.enqueue(SendReceipt("A-1001"))
        await eventually(lambda: store.tries >= 4)
        store.failing = {}

        await reaches(database, job, JobState.SCHEDULED)
    (attempt,) = (await InMemoryInspection(database).job(job)).attempts
    assert attempt.error == "ConnectionError: ✓ no paper"


async def test_a_queue_that_has_shut_down_asks_no_more(
    store: Refusing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The job is left to its worker's leaving, or to its lease."""
    monkeypatch.setattr("application.jobs.failed_attempts._FIRST_BACKOFF", 0.001)
    monkeypatch.setattr("application.jobs.farewell._PATIENCE", 0.3)
    store.failing = {"release": Away()}
    begun = asyncio.Event()

    async def check_fraud(job: CheckFraud) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with running(store) as queue:
        await queue.register_job_func(check_fraud)
        await queue.enqueue(CheckFraud("A-1001"))
        await within(begun.wait())
        await queue.shutdown(timedelta(0))

    assert store.tries > 2
    await eventually(lambda: len(asyncio.all_tasks()) == 1)


async def test_an_error_that_storage_cannot_hold_is_recorded_in_short(
    database: InMemoryDatabase,
    store: Refusing,
) -> None:
    """The attempt counts, and its kind is known."""
    store.says = lambda report: (report.message + report.traceback).isascii()
    async with running(store) as queue:
        await queue.register_job_func(send_receipt)
        job = await queue.enqueue(SendReceipt("A-1001"))

        await reaches(database, job, JobState.SCHEDULED)
    record = await InMemoryInspection(database).job(job)
    assert record.attempt == 1
    assert (
        record.attempts[0].error == "builtins.ConnectionError: what it says cannot be stored, see the log of the worker"
    )
    assert store.tries == 2


@pytest.mark.parametrize("refusal", [TypeError("a bug"), ValueError("23505")])
async def test_what_is_refused_in_any_form_puts_the_job_off(
    database: InMemoryDatabase,
    store: Refusing,
    refusal: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """For an hour, and what the record lacks is in the log. The only place of the pool is free for the next job."""
    store.failing = {"retry": refusal}
    async with running(store) as queue:
        job = await fail_and_go_on(queue, database)
    record = await InMemoryInspection(database).job(job)
    assert (record.state, record.run_at - database.now()) == (JobState.SCHEDULED, timedelta(hours=1))
    assert "✓ no paper" in caplog.text


async def test_a_store_that_takes_nothing_at_all_gets_the_job_back_when_the_worker_leaves(
    database: InMemoryDatabase,
    store: Refusing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Until then it counts as running, which is said, and it keeps nobody from working."""
    store.failing = {"retry": TypeError(), "snooze": TypeError()}
    async with running(store) as queue:
        job = await fail_and_go_on(queue, database)

        assert (await InMemoryInspection(database).job(job)).state is JobState.RUNNING
        assert f"job {job} counts as running until this worker has left" in caplog.text
    assert (await InMemoryInspection(database).job(job)).state is JobState.READY


async def test_a_completion_that_is_refused_holds_up_no_others(
    database: InMemoryDatabase,
    store: Refusing,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is set aside, told once, and written once storage takes it."""
    monkeypatch.setattr("application.jobs.completions._REFUSED_AGAIN", 0.01)
    caplog.set_level(logging.ERROR)
    async with running(store, size=20) as queue:
        ids = await queue.enqueue([CheckFraud(f"A-{number}") for number in range(100)])
        store.bad = {ids[7], ids[70]}
        await queue.register_job_func(check_fraud)
        for job in ids:
            if job not in store.bad:
                await reaches(database, job, JobState.COMPLETED)
        tried = store.tries
        await eventually(lambda: store.tries > tried + 10)
        assert len(caplog.records) == 2
        later = await queue.enqueue(CheckFraud("A-101"))
        await reaches(database, later, JobState.COMPLETED)
        store.bad = set()

        for job in (ids[7], ids[70]):
            await reaches(database, job, JobState.COMPLETED)


async def test_calling_a_job_off_that_has_not_begun_is_tried_again(
    database: InMemoryDatabase,
    store: Refusing,
) -> None:
    """It is not forgotten between two tries, and those that run are told first."""
    store.failing = {"cancel": Away()}
    told = asyncio.Event()
    begun = asyncio.Event()

    async def reserve_stock(jobs: list[ReserveStock]) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            told.set()

    options = QueueOptions(pool_size=1, lease=timedelta(days=300), poll_interval=timedelta(milliseconds=25))
    operations = InMemoryOperations(database)
    async with JobQueue(store, PydanticPayloads(), OpenTelemetry(), options) as queue:
        blocking = await queue.enqueue(ReserveStock("SMALL-FORK"), priority=-1)
        waiting = await queue.enqueue(CheckFraud("A-1001"))
        await queue.register_job_func(reserve_stock, batch_size=5, retry=RetryPolicy(max_attempts=2))
        await queue.register_job_func(check_fraud)
        await within(begun.wait())
        await reaches(database, waiting, JobState.RUNNING)
        await operations.cancel(waiting)
        await eventually(lambda: store.tries >= 3)
        assert not told.is_set()
        store.failing = {}

        await reaches(database, waiting, JobState.CANCELLED)
        await operations.cancel(blocking)
        await within(told.wait())


@pytest.mark.parametrize("operation", ["claim", "complete"])
async def test_what_storage_does_not_do_is_measured_with_its_error(
    database: InMemoryDatabase,
    store: Refusing,
    operation: str,
) -> None:
    """So that a chart shows it, and not only a log."""
    store.failing = {operation: Away()}
    with closing(Telescope()) as telescope:

        def failed() -> bool:
            attributes = [point.attributes or {} for point in telescope.points("messaging.client.operation.duration")]
            told = {(each["messaging.operation.name"], each.get("error.type")) for each in attributes}
            return (operation, f"{__name__}.Away") in told

        async with running(store, telemetry=telescope.telemetry) as queue:
            await queue.register_job_func(check_fraud)
            job = await queue.enqueue(CheckFraud("A-1001"))
            await eventually(failed)
            store.failing = {}

            await reaches(database, job, JobState.COMPLETED)
