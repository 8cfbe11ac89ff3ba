"""What the queue and its job funcs write into the log."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from adapters.telemetry import JobFields, add_job_fields, job_fields
from adapters.telemetry.logs import FIELDS
from application.jobs.completions import Completions
from domain.jobs import Discard, JobState, RetryPolicy, Snooze
from tests.worlds import World
from tests.worlds.deadline import eventually
from tests.worlds.jobs import SendReceipt
from tests.worlds.telescope import Telescope

ONCE = RetryPolicy(max_attempts=1)
TYPE = "tests.worlds.jobs.SendReceipt"

shop = logging.getLogger("shop")


class Journal(logging.Handler):
    """Keeps what passes, with the fields of jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.addFilter(JobFields())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)

    def of(self, logger: str) -> list[logging.LogRecord]:
        """Return the records of a logger and those below it."""
        return [record for record in self.records if f"{record.name}.".startswith(f"{logger}.")]

    async def told(self, logger: str, lines: int) -> list[logging.LogRecord]:
        """Return the records once there are so many: what happened is told right after it is written."""
        await eventually(lambda: len(self.of(logger)) >= lines)
        return self.of(logger)


@pytest.fixture
def journal() -> Iterator[Journal]:
    """Write everything there."""
    journal, root = Journal(), logging.getLogger()
    level = root.level
    root.addHandler(journal)
    root.setLevel(logging.DEBUG)
    yield journal
    root.removeHandler(journal)
    root.setLevel(level)


def fields(record: logging.LogRecord) -> dict[str, object]:
    """Return what was added."""
    return {name: getattr(record, name) for name in FIELDS}


class TestLinesOfJobFuncs:
    """Whoever reads one knows of which job it is."""

    @pytest.mark.parametrize("kind", ["async def", "plain def"])
    async def test_every_line_carries_the_job(
        self,
        world: World,
        telescope: Telescope,
        journal: Journal,
        kind: str,
    ) -> None:
        """In threads, too, and with the trace and span."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            shop.info("sending a receipt for %s", job.order)

        def send_receipt_from_a_thread(job: SendReceipt) -> None:
            shop.info("sending a receipt for %s", job.order)

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt if kind == "async def" else send_receipt_from_a_thread)
        await world.reaches(job_id, JobState.COMPLETED)
        [record] = journal.of("shop")
        span = telescope.span("process emails").get_span_context()

        assert span is not None
        assert fields(record) == {
            "job_id": job_id,
            "job_ids": None,
            "job_type": TYPE,
            "queue": "emails",
            "attempt": 1,
            "trace_id": f"{span.trace_id:032x}",
            "span_id": f"{span.span_id:016x}",
        }

    async def test_a_line_outside_a_job_carries_none(self, world: World, journal: Journal) -> None:
        """Also beside a queue that works."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            pass

        await world.run(queue, send_receipt)
        shop.info("open")
        [record] = journal.of("shop")

        assert set(fields(record).values()) == {None}

    async def test_a_batch_of_several_is_told_by_all_ids(self, world: World, journal: Journal) -> None:
        """A batch of one is told like a single job; the default queue by its shown name."""
        queue = world.queue()

        events: list[dict[str, object]] = []

        async def send_receipts(jobs: list[SendReceipt]) -> None:
            shop.info("sending %d receipts", len(jobs))
            events.append(dict(add_job_fields(None, "info", {})))

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipts)
        await world.reaches(job_id, JobState.COMPLETED)
        await queue.shutdown()
        ids = await queue.enqueue([SendReceipt("A-1002"), SendReceipt("A-1003")])
        await world.run(world.queue(), send_receipts)
        await world.reaches(ids[1], JobState.COMPLETED)
        single, both = (fields(record) for record in journal.of("shop"))
        absent = dict.fromkeys(FIELDS)

        told = {"job_type": TYPE, "queue": "default", "attempt": 1}
        assert single == absent | told | {"job_id": job_id}
        assert both == absent | told | {"job_ids": ids}
        assert events == [told | {"job_id": job_id}, told | {"job_ids": ids}]


class TestLinesOfTheQueue:
    """One logger for each area under `arrower`."""

    async def test_nothing_is_said_of_jobs_that_go_well(self, world: World, journal: Journal) -> None:
        """At INFO and above, whatever their number."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "A-1001":
                raise Snooze(timedelta(days=1))

        ids = await queue.enqueue([SendReceipt(f"A-{1000 + number}") for number in range(20)])
        await world.run(queue, send_receipt)
        await world.reaches(ids[19], JobState.COMPLETED)
        await world.reaches(ids[1], JobState.SCHEDULED)
        await queue.shutdown()

        assert [record for record in journal.of("arrower") if record.levelno >= logging.INFO] == []

    async def test_a_failure_is_a_warning_with_one_traceback(self, world: World, journal: Journal) -> None:
        """And with the job, whether or not a filter is there."""
        queue = world.queue("emails")

        async def send_receipt(job: SendReceipt) -> None:
            msg = "the mail server is away"
            raise ConnectionError(msg)

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await world.fails(job_id, 1)
        [record] = await journal.told("arrower.worker", 1)

        assert record.levelno == logging.WARNING
        assert record.exc_info is not None
        assert isinstance(record.exc_info[1], ConnectionError)
        assert f"attempt 1 of job {job_id} ({TYPE}) failed" in record.getMessage()
        assert {**fields(record), "trace_id": None, "span_id": None} == {
            "job_id": job_id,
            "job_ids": None,
            "job_type": TYPE,
            "queue": "emails",
            "attempt": 1,
            "trace_id": None,
            "span_id": None,
        }

    async def test_the_jobs_of_a_batch_fail_with_one_traceback(self, world: World, journal: Journal) -> None:
        """Each is told, the error once."""
        queue = world.queue()

        async def send_receipts(jobs: list[SendReceipt]) -> None:
            raise ConnectionError

        ids = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002"), SendReceipt("A-1003")])
        await world.run(queue, send_receipts)
        await world.fails(ids[2], 1)
        records = await journal.told("arrower.worker", 3)

        assert [fields(record)["job_id"] for record in records] == ids
        assert [record.exc_info is not None for record in records] == [True, False, False]

    @pytest.mark.parametrize("error", [ConnectionError("away"), Discard("cancelled")])
    async def test_a_dead_job_is_an_error(self, world: World, journal: Journal, error: Exception) -> None:
        """Somebody has to look at it."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            raise error

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt, retry=ONCE)
        await world.reaches(job_id, JobState.DEAD)
        await queue.shutdown()
        [record] = journal.of("arrower.worker")

        assert record.levelno == logging.ERROR
        assert record.exc_info is not None
        assert fields(record)["job_id"] == job_id

    async def test_a_lost_attempt_is_a_warning(self, world: World, journal: Journal) -> None:
        """And so is what the rescue did."""
        queue = world.queue(pool_name="frozen")
        running, resume = asyncio.Event(), asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            running.set()
            await resume.wait()
            await world.write("sent")

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt, retry=ONCE)
        await running.wait()
        await world.freeze("frozen")
        await world.maintain()
        resume.set()
        await world.reaches(job_id, JobState.DEAD)
        await queue.shutdown()
        lost = [record for record in journal.of("arrower.worker") if "was lost" in record.getMessage()]
        rescue = journal.of("arrower.rescue")

        assert [record.levelno for record in lost] == [logging.WARNING]
        assert fields(lost[0])["job_id"] == job_id
        assert [record.levelno for record in rescue] == [logging.WARNING]

    @pytest.mark.parametrize("attempt", [1, 2])
    async def test_a_completion_that_comes_too_late_is_told_with_its_trace(
        self,
        world: World,
        telescope: Telescope,
        journal: Journal,
        attempt: int,
    ) -> None:
        """By a span of its own, for that of the attempt has ended: beside it, if it was the first one."""
        job_id = await world.queue("emails", telemetry=telescope.telemetry).enqueue(SendReceipt("A-1001"))
        worker = await world.worker({TYPE: 5}, "emails", "frozen")
        job = (await worker.claim_one())._replace(attempt=attempt)
        await world.freeze("frozen")
        await world.maintain()
        pool = telescope.telemetry.pool("emails", "frozen", 1)
        pool.claimed([job], 0.1)
        completions = Completions(worker.store, pool, lambda: None)
        completions.add([worker.ended(job)])
        await completions.flush()
        sent, span = telescope.span("send emails").get_span_context(), telescope.span("complete emails")
        here = span.get_span_context()
        [line] = [record for record in journal.of("arrower.worker") if "was lost" in record.getMessage()]

        assert sent is not None
        assert here is not None
        assert span.kind is SpanKind.CLIENT
        assert span.status.status_code is StatusCode.ERROR
        assert [link.context.span_id for link in span.links] == [sent.span_id]
        assert (span.parent is not None and span.parent.span_id == sent.span_id) is (attempt == 1)
        assert dict(span.attributes or {}) == {
            "messaging.system": "arrower",
            "messaging.operation.name": "complete",
            "messaging.operation.type": "settle",
            "messaging.destination.name": "emails",
            "messaging.client.id": "frozen",
            "messaging.message.id": str(job_id),
            "messaging.arrower.type": TYPE,
            "messaging.arrower.attempt": attempt,
            "messaging.arrower.priority": 0,
            "messaging.arrower.outcome": "lost",
            "error.type": "domain.jobs.errors.AttemptLost",
        }
        assert line.levelno == logging.WARNING
        assert fields(line) == {
            "job_id": job_id,
            "job_ids": None,
            "job_type": TYPE,
            "queue": "emails",
            "attempt": attempt,
            "trace_id": f"{here.trace_id:032x}",
            "span_id": f"{here.span_id:016x}",
        }
        assert telescope.number("arrower.attempts.lost", name="emails") == 1
        assert job_fields() == {}
