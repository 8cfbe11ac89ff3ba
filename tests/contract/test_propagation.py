"""The caller's trace context and baggage, inside the job func."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry import baggage, context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import ReserveStock, SendReceipt

CHECKOUT = SpanContext(
    trace_id=0x0AF7651916CD43DD8448EB211C80319C,
    span_id=0xB7AD6B7169203331,
    is_remote=False,
    trace_flags=TraceFlags(TraceFlags.SAMPLED),
)


@contextmanager
def calling(span: SpanContext, **fields: str) -> Iterator[None]:
    """Be inside a span, with baggage."""
    current = trace.set_span_in_context(NonRecordingSpan(span))
    for name, value in fields.items():
        current = baggage.set_baggage(name, value, current)
    token = context.attach(current)
    try:
        yield
    finally:
        context.detach(token)


def seen_here() -> tuple[int, int, dict[str, object]]:
    """Return the trace, the span and the baggage that are current."""
    span = trace.get_current_span().get_span_context()
    return span.trace_id, span.span_id, dict(baggage.get_all())


NOTHING = (0, 0, dict[str, object]())
ALL = (CHECKOUT.trace_id, CHECKOUT.span_id, {"customer": "Ada Lovelace", "shop": "Köln"})


class TestPropagation:
    """What was current at enqueue is current inside the job func."""

    @pytest.mark.parametrize("kind", ["async def", "plain def"])
    async def test_trace_and_baggage_arrive(self, world: World, kind: str) -> None:
        """Whoever started the pool had another context, which does not matter."""
        queue = world.queue()
        seen: list[object] = []

        async def send_receipt(job: SendReceipt) -> None:
            seen.append(seen_here())

        def send_receipt_from_a_thread(job: SendReceipt) -> None:
            seen.append(seen_here())

        with calling(SpanContext(1, 2, is_remote=False), customer="nobody", operator="Grace"):
            await world.run(queue, send_receipt if kind == "async def" else send_receipt_from_a_thread)
        with calling(CHECKOUT, customer="Ada Lovelace", shop="Köln"):
            job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [ALL]

    async def test_every_job_has_its_own(self, world: World) -> None:
        """One enqueued without a context runs without one."""
        queue = world.queue(pool_size=1)
        seen: dict[str, object] = {}

        async def send_receipt(job: SendReceipt) -> None:
            seen[job.order] = seen_here()

        with calling(CHECKOUT, customer="Ada Lovelace", shop="Köln"):
            await queue.enqueue(SendReceipt("A-1001"))
            await world.run(queue, send_receipt)
        await queue.enqueue(SendReceipt("A-1002"))
        await world.eventually(lambda: len(seen) == 2)

        assert seen == {"A-1001": ALL, "A-1002": NOTHING}

    async def test_every_attempt_has_it(self, world: World) -> None:
        """And what an attempt did to its context is gone with it."""
        queue = world.queue()
        seen: list[object] = []

        async def send_receipt(job: SendReceipt) -> None:
            seen.append(seen_here())
            context.attach(baggage.set_baggage("shop", "Bonn"))
            if len(seen) == 1:
                raise ConnectionError

        await world.run(queue, send_receipt)
        with calling(CHECKOUT, customer="Ada Lovelace", shop="Köln"):
            job_id = await queue.enqueue(SendReceipt("A-1001"))
        job = await world.fails(job_id, 1)
        world.clock.move_to(job.run_at)
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [ALL, ALL]

    async def test_jobs_enqueued_by_a_job_carry_on(self, world: World) -> None:
        """A chain of jobs is one trace."""
        queue = world.queue()
        seen: list[object] = []

        async def reserve_stock(job: ReserveStock) -> None:
            await queue.enqueue(SendReceipt("A-1001"))

        async def send_receipt(job: SendReceipt) -> None:
            seen.append(seen_here())

        await world.run(queue, reserve_stock, send_receipt)
        with calling(CHECKOUT, customer="Ada Lovelace", shop="Köln"):
            await queue.enqueue(ReserveStock("CRUNCHY-ARMCHAIR"))
        await world.eventually(lambda: seen == [ALL])
