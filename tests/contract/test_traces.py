"""The spans of enqueues and attempts, as an SDK sees them."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, StatusCode

from adapters.telemetry import OpenTelemetry
from domain.jobs import Discard, EnqueueFailed, JobId, JobState, RetryPolicy, Snooze
from tests.worlds import World
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud, InspectFraud, ReserveStock, SendReceipt
from tests.worlds.telescope import Telescope

SEND, PROCESS = "send emails", "process emails"
ONCE = RetryPolicy(max_attempts=1)


async def ended(telescope: Telescope, name: str, number: int = 1) -> list[ReadableSpan]:
    """Wait until so many spans of this name have ended, and return all of them."""
    await eventually(lambda: len(telescope.spans(name)) >= number)
    return list(telescope.spans(name))


def told(span: ReadableSpan) -> Mapping[str, object]:
    """Return the attributes."""
    return dict(span.attributes or {})


def place(span: ReadableSpan) -> SpanContext:
    """Return the context, which a span that was recorded has."""
    here: SpanContext | None = span.context
    assert here is not None
    return here


def links(span: ReadableSpan) -> list[tuple[int, int]]:
    """Return the traces and spans a span links to."""
    return [(link.context.trace_id, link.context.span_id) for link in span.links]


def coordinates(span: ReadableSpan) -> tuple[int, int]:
    """Return the trace and the span."""
    return place(span).trace_id, place(span).span_id


class TestSpansOfEnqueue:
    """`send {queue}`, a PRODUCER."""

    async def test_one_job(self, world: World, telescope: Telescope) -> None:
        """The id is known at the end, the rest at the start."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        job_id = await queue.enqueue(SendReceipt("A-1001"), priority=-3)
        span = telescope.span(SEND)

        assert span.kind is SpanKind.PRODUCER
        assert span.parent is None
        assert span.status.status_code is StatusCode.UNSET
        assert told(span) == {
            "messaging.system": "arrower",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": "emails",
            "messaging.message.id": str(job_id),
            "messaging.arrower.type": "tests.worlds.jobs.SendReceipt",
            "messaging.arrower.priority": -3,
        }

    async def test_a_list_is_one_span_and_counts(self, world: World, telescope: Telescope) -> None:
        """Of mixed kinds no type is told; a list of one is a list."""
        queue = world.queue(telemetry=telescope.telemetry)

        await queue.enqueue([SendReceipt("A-1001"), ReserveStock("CRUNCHY-ARMCHAIR")])
        await queue.enqueue([CheckFraud("A-1001")])
        mixed, single = telescope.spans("send default")

        assert told(mixed)["messaging.batch.message_count"] == 2
        assert "messaging.message.id" not in told(mixed)
        assert "messaging.arrower.type" not in told(mixed)
        assert told(single)["messaging.batch.message_count"] == 1
        assert told(single)["messaging.arrower.type"] == "fraud.check"

    async def test_it_is_a_child_of_the_caller(self, world: World, telescope: Telescope) -> None:
        """And the caller's span is current again afterwards."""
        queue = world.queue("emails", telemetry=telescope.telemetry)
        tracer = telescope.tracer_provider.get_tracer("shop")

        with tracer.start_as_current_span("POST /orders") as request:
            await queue.enqueue(SendReceipt("A-1001"))
            assert trace.get_current_span() is request
        span = telescope.span(SEND)

        assert span.parent is not None
        assert span.parent.span_id == request.get_span_context().span_id

    async def test_a_failure_is_told(self, world: World, telescope: Telescope) -> None:
        """By the class of the error; the error itself goes to the caller."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        with pytest.raises(EnqueueFailed):
            async with world.unit_of_work:
                try:
                    await world.fail_a_statement()
                except world.StatementFailed:
                    await queue.enqueue(SendReceipt("A-1001"))
        span = telescope.span(SEND)

        assert span.status.status_code is StatusCode.ERROR
        assert told(span)["error.type"] == "domain.jobs.errors.EnqueueFailed"
        assert not span.events


class TestSpansOfAttempts:
    """`process {queue}`, a CONSUMER."""

    async def test_the_first_attempt_is_a_child_of_the_enqueue(self, world: World, telescope: Telescope) -> None:
        """And links to it, as the conventions ask of every message."""
        queue = world.queue("emails", pool_name="post-office", telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            pass

        job_id = await queue.enqueue(SendReceipt("A-1001"), priority=7)
        await world.run(queue, send_receipt)
        [span] = await ended(telescope, PROCESS)
        sent = telescope.span(SEND)

        assert span.kind is SpanKind.CONSUMER
        assert span.parent is not None
        assert (span.parent.trace_id, span.parent.span_id) == coordinates(sent)
        assert links(span) == [coordinates(sent)]
        assert span.status.status_code is StatusCode.UNSET
        assert not span.events
        assert told(span) == {
            "messaging.system": "arrower",
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": "emails",
            "messaging.client.id": "post-office",
            "messaging.message.id": str(job_id),
            "messaging.arrower.type": "tests.worlds.jobs.SendReceipt",
            "messaging.arrower.attempt": 1,
            "messaging.arrower.priority": 7,
            "messaging.arrower.outcome": "completed",
        }

    async def test_a_retry_is_a_trace_of_its_own(self, world: World, telescope: Telescope) -> None:
        """It links to the enqueue. The failure before it is told once."""
        queue = world.queue("emails", telemetry=telescope.telemetry)
        attempts: list[SendReceipt] = []

        async def send_receipt(job: SendReceipt) -> None:
            attempts.append(job)
            if len(attempts) == 1:
                msg = "the mail server is away"
                raise ConnectionError(msg)

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        job = await world.fails(job_id, 1)
        world.clock.move_to(job.run_at)
        failed, succeeded = await ended(telescope, PROCESS, 2)
        sent = telescope.span(SEND)

        assert failed.status.status_code is StatusCode.ERROR
        assert failed.status.description == "the mail server is away"
        assert told(failed)["error.type"] == "ConnectionError"
        assert told(failed)["messaging.arrower.outcome"] == "failed"
        assert [event.name for event in failed.events] == ["exception"]
        assert succeeded.parent is None
        assert place(succeeded).trace_id != place(sent).trace_id
        assert links(succeeded) == [coordinates(sent)]
        assert told(succeeded)["messaging.arrower.attempt"] == 2
        assert succeeded.status.status_code is StatusCode.UNSET

    @pytest.mark.parametrize("kind", ["async def", "plain def"])
    async def test_span_and_baggage_are_current(self, world: World, telescope: Telescope, kind: str) -> None:
        """In threads, too, and in every attempt; what the job func starts are children."""
        queue = world.queue("emails", telemetry=telescope.telemetry)
        tracer = telescope.tracer_provider.get_tracer("shop")
        seen: list[tuple[int, object]] = []

        def look() -> None:
            with tracer.start_as_current_span("smtp"):
                seen.append((place(telescope_span(trace.get_current_span())).trace_id, baggage.get_baggage("tenant")))
            if len(seen) == 1:
                raise ConnectionError

        async def send_receipt(job: SendReceipt) -> None:
            look()

        def send_receipt_from_a_thread(job: SendReceipt) -> None:
            look()

        token = context.attach(baggage.set_baggage("tenant", "Möbel & Söhne"))
        job_id = await queue.enqueue(SendReceipt("A-1001"))
        context.detach(token)
        await world.run(queue, send_receipt if kind == "async def" else send_receipt_from_a_thread)
        job = await world.fails(job_id, 1)
        world.clock.move_to(job.run_at)
        attempts = await ended(telescope, PROCESS, 2)
        inner = telescope.spans("smtp")

        assert [parent_of(span) for span in inner] == [place(span).span_id for span in attempts]
        assert seen == [(place(span).trace_id, "Möbel & Söhne") for span in attempts]

    async def test_jobs_enqueued_by_a_job_carry_on_its_trace(self, world: World, telescope: Telescope) -> None:
        """A chain of jobs is one trace."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def reserve_stock(job: ReserveStock) -> None:
            await queue.enqueue(SendReceipt("A-1001"))

        async def send_receipt(job: SendReceipt) -> None:
            pass

        await world.run(queue, reserve_stock, send_receipt)
        await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        # The second may end first: it can run as soon as the first has committed, before the first hears of that.
        reserving, sending = sorted(await ended(telescope, PROCESS, 2), key=lambda span: span.start_time or 0)
        # Likewise an enqueue, whose job can run before it returns.
        _, follow_up = sorted(telescope.spans(SEND), key=lambda span: span.start_time or 0)

        assert parent_of(follow_up) == place(reserving).span_id
        assert parent_of(sending) == place(follow_up).span_id
        assert place(sending).trace_id == place(reserving).trace_id

    async def test_a_batch_links_to_each_of_its_jobs(self, world: World, telescope: Telescope) -> None:
        """And is a trace of its own."""
        queue = world.queue("emails", pool_size=1, telemetry=telescope.telemetry)

        async def send_receipts(jobs: list[SendReceipt]) -> None:
            pass

        first = await queue.enqueue(SendReceipt("A-1001"))
        second, third = await queue.enqueue([SendReceipt("A-1002"), SendReceipt("A-1003")])
        await world.run(queue, send_receipts)
        [span] = await ended(telescope, PROCESS)
        single, both = (coordinates(sent) for sent in telescope.spans(SEND))

        assert span.parent is None
        assert told(span)["messaging.batch.message_count"] == 3
        assert "messaging.message.id" not in told(span)
        assert links(span) == [single, both, both]
        assert [dict(link.attributes or {}) for link in span.links] == [
            {"messaging.message.id": str(job_id)} for job_id in (first, second, third)
        ]

    async def test_an_attempt_that_lost_its_job_says_so(self, world: World, telescope: Telescope) -> None:
        """Its pool was taken for dead while the job func ran."""
        queue = world.queue(
            "emails",
            pool_name="frozen",
            lease=timedelta(minutes=1),
            telemetry=telescope.telemetry,
        )
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
        span, *_ = await ended(telescope, PROCESS)

        assert await world.state_of(job_id) is JobState.DEAD
        assert span.status.status_code is StatusCode.ERROR
        assert told(span)["error.type"] == "domain.jobs.errors.AttemptLost"
        assert told(span)["messaging.arrower.outcome"] == "lost"

    @pytest.mark.parametrize(
        ("signal", "outcome"),
        [(Snooze(timedelta(days=1)), "snoozed"), (Discard("the order was cancelled"), "discarded")],
    )
    async def test_a_signal_is_no_error(
        self,
        world: World,
        telescope: Telescope,
        signal: Exception,
        outcome: str,
    ) -> None:
        """The job func said how its job goes on."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            raise signal

        await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        [span] = await ended(telescope, PROCESS)

        assert span.status.status_code is StatusCode.UNSET
        assert not span.events
        assert "error.type" not in told(span)
        assert told(span)["messaging.arrower.outcome"] == outcome

    async def test_a_shutdown_ends_the_spans_of_what_it_cancels(self, world: World, telescope: Telescope) -> None:
        """Handed back is no failure."""
        queue = world.queue("emails", telemetry=telescope.telemetry)
        running = asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            running.set()
            await asyncio.Event().wait()

        await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await running.wait()
        await queue.shutdown(timedelta(0))
        [span] = await ended(telescope, PROCESS)

        assert span.status.status_code is StatusCode.UNSET
        assert told(span)["messaging.arrower.outcome"] == "released"

    async def test_an_unreadable_payload_is_an_attempt_that_failed(self, world: World, telescope: Telescope) -> None:
        """Its job func was not called."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def inspect_fraud(job: InspectFraud) -> None:
            pass

        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.run(queue, inspect_fraud)
        [span] = await ended(telescope, PROCESS)
        await world.reaches(job_id, JobState.DEAD)

        assert span.status.status_code is StatusCode.ERROR
        assert told(span)["error.type"] == "domain.jobs.errors.UnreadablePayload"
        assert told(span)["messaging.arrower.outcome"] == "dead"

    async def test_waiting_jobs_and_empty_polls_have_no_span(self, world: World, telescope: Telescope) -> None:
        """Jobs that were claimed ahead have none before they run."""
        queue = world.queue("emails", pool_size=1, telemetry=telescope.telemetry)
        ids: list[JobId] = []
        release = asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "A-1050":
                await release.wait()

        ids += await queue.enqueue([SendReceipt(f"A-{1000 + number}") for number in range(100)])
        await world.run(queue, send_receipt)
        await world.reaches(ids[49], JobState.COMPLETED)
        await eventually(lambda: len(telescope.begun()) >= 1 + 51)
        before = len(telescope.begun()), len(telescope.spans())
        release.set()
        await world.reaches(ids[99], JobState.COMPLETED)
        await ended(telescope, PROCESS, 100)

        assert before == (1 + 51, 1 + 50)
        assert len(telescope.begun()) == len(telescope.spans()) == 1 + 100

    async def test_a_queue_without_an_sdk_records_nothing_and_works(self, world: World) -> None:
        """The usual case of tests."""
        queue = world.queue("emails", telemetry=OpenTelemetry())
        seen: list[trace.Span] = []

        async def send_receipt(job: SendReceipt) -> None:
            seen.append(trace.get_current_span())

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await world.reaches(job_id, JobState.COMPLETED)

        assert [span.is_recording() for span in seen] == [False]


def telescope_span(span: trace.Span) -> ReadableSpan:
    """Return the span as what the SDK made it."""
    assert isinstance(span, ReadableSpan)
    return span


def parent_of(span: ReadableSpan) -> int:
    """Return the span above it."""
    assert span.parent is not None
    return span.parent.span_id
