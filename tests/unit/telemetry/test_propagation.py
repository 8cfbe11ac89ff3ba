"""The caller's trace and baggage travel with a job, and nothing else does."""

import json
import logging
from collections.abc import Iterator

import pytest
from opentelemetry import baggage, propagate, trace
from opentelemetry.context import Context, attach, detach, get_current, set_value
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState

from adapters.telemetry import OpenTelemetryPropagation

TRACE = 0x0AF7651916CD43DD8448EB211C80319C
SPAN = 0xB7AD6B7169203331
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def empty_context() -> Iterator[None]:
    """Start each test without a span, and leave none behind."""
    token = attach(Context())
    yield
    detach(token)


def in_a_span(*state: tuple[str, str], flags: int = TraceFlags.SAMPLED) -> None:
    """Go on as the span of a request would."""
    span_context = SpanContext(
        TRACE, SPAN, is_remote=False, trace_flags=TraceFlags(flags), trace_state=TraceState(state)
    )
    attach(trace.set_span_in_context(NonRecordingSpan(span_context)))


def with_baggage(**entries: object) -> None:
    """Go on with baggage."""
    for name, value in entries.items():
        attach(baggage.set_baggage(name, value))


def in_another_process(carrier: str | None) -> None:
    """Forget everything, and restore."""
    attach(Context())
    OpenTelemetryPropagation().restore(carrier)


def captured() -> str:
    """Capture what must not be nothing."""
    carrier = OpenTelemetryPropagation().capture()
    assert carrier is not None
    return carrier


def test_without_span_and_baggage_there_is_nothing_to_carry() -> None:
    """Most jobs of an application that does not trace."""
    assert OpenTelemetryPropagation().capture() is None


def test_a_context_that_holds_something_else_is_nothing_to_carry() -> None:
    """Instrumentations keep their own notes there."""
    attach(set_value("suppress_instrumentation", value=True))

    assert OpenTelemetryPropagation().capture() is None


def test_the_trace_is_captured_as_compact_json() -> None:
    """In the words of W3C, so that other programs can read it."""
    in_a_span()

    assert captured() == f'{{"traceparent":"{TRACEPARENT}"}}'


@pytest.mark.parametrize("flags", [TraceFlags.DEFAULT, TraceFlags.SAMPLED])
def test_a_job_continues_the_trace_of_the_enqueue(flags: int) -> None:
    """Sampled or not, with the state that vendors added."""
    in_a_span(("vendor", "abc"), flags=flags)

    in_another_process(captured())
    span = trace.get_current_span().get_span_context()

    assert (span.trace_id, span.span_id, span.is_remote) == (TRACE, SPAN, True)
    assert span.trace_flags == flags
    assert span.trace_state == TraceState([("vendor", "abc")])


def test_baggage_travels_with_any_text() -> None:
    """Separators, spaces, umlauts and NUL do not break the header or the database."""
    with_baggage(tenant="Möbel & Söhne", **{"a key, with=signs": "x;y=z%", "nul": "a\0b"})
    carrier = captured()

    in_another_process(carrier)

    assert dict(baggage.get_all()) == {"tenant": "Möbel & Söhne", "a key, with=signs": "x;y=z%", "nul": "a\0b"}
    assert "\\u0000" not in carrier
    assert carrier.isascii()


def test_trace_and_baggage_travel_together() -> None:
    """One does not hide the other."""
    in_a_span()
    with_baggage(tenant="acme", attempt=3)

    in_another_process(captured())

    assert trace.get_current_span().get_span_context().trace_id == TRACE
    assert dict(baggage.get_all()) == {"tenant": "acme", "attempt": "3"}


def test_what_the_process_uses_for_other_protocols_does_not_matter() -> None:
    """OTEL_PROPAGATORS may name others, or none."""
    before = propagate.get_global_textmap()
    propagate.set_global_textmap(CompositePropagator([]))
    try:
        in_a_span()
        in_another_process(captured())
    finally:
        propagate.set_global_textmap(before)

    assert trace.get_current_span().get_span_context().trace_id == TRACE


def test_baggage_that_does_not_fit_is_left_out_and_the_trace_is_kept() -> None:
    """Under 8 KB; small entries after a large one still travel."""
    in_a_span()
    with_baggage(first="1", huge="x" * 5_000, large="y" * 4_000, also_large="z" * 4_000, last="2")
    carrier = captured()

    in_another_process(carrier)

    assert len(carrier) < 8_192
    assert trace.get_current_span().get_span_context().trace_id == TRACE
    assert list(baggage.get_all()) == ["first", "large", "last"]


def test_thousands_of_baggage_entries_stay_within_bounds() -> None:
    """As many as W3C allows."""
    in_a_span()
    with_baggage(**{f"entry-{number}": "0" * 20 for number in range(5_000)})
    carrier = captured()

    in_another_process(carrier)

    assert len(carrier) < 8_192
    assert len(baggage.get_all()) == 180


def test_a_trace_state_longer_than_readers_accept_is_left_out() -> None:
    """The trace itself is kept."""
    in_a_span(*((f"vendor{number}", "x" * 200) for number in range(10)))

    assert json.loads(captured()) == {"traceparent": TRACEPARENT}


class Unspeakable:
    """Cannot be written down."""

    def __str__(self) -> str:
        """Fail."""
        raise TypeError


@pytest.mark.parametrize("value", ["\ud800", Unspeakable()])
def test_a_baggage_entry_that_cannot_be_written_is_left_out(value: object) -> None:
    """Tracing never fails an enqueue."""
    with_baggage(bad=value, good="1")

    in_another_process(captured())

    assert dict(baggage.get_all()) == {"good": "1"}


class BrokenSpan(NonRecordingSpan):
    """A span of a tracer with a bug."""

    def get_span_context(self) -> SpanContext:
        """Fail."""
        raise RuntimeError


def test_a_span_that_fails_is_left_out() -> None:
    """Tracing never fails an enqueue."""
    attach(trace.set_span_in_context(BrokenSpan(trace.INVALID_SPAN_CONTEXT)))

    assert OpenTelemetryPropagation().capture() is None


def test_without_a_carrier_the_context_before_does_not_remain() -> None:
    """A job must not join the trace of the request in which the pool was started."""
    in_a_span()
    with_baggage(tenant="acme")

    OpenTelemetryPropagation().restore(None)

    assert get_current() == {}


@pytest.mark.parametrize(
    "carrier",
    [
        "",
        "{",
        "null",
        "[]",
        "5",
        '"text"',
        "\0",
        "[" * 100_000,
        "{}",
        '{"traceparent":null,"baggage":["a=b"]}',
        '{"traceparent":5}',
        '{"traceparent":"00-0-0-01"}',
        '{"traceparent":"00-00000000000000000000000000000000-0000000000000000-01"}',
        '{"baggage":""}',
        '{"unknown":"x"}',
    ],
    ids=lambda carrier: repr(carrier[:30]),
)
def test_a_carrier_that_cannot_be_read_is_treated_as_none(carrier: str) -> None:
    """Tracing never fails a job, and what was current before does not remain either."""
    in_a_span()
    with_baggage(tenant="acme")

    OpenTelemetryPropagation().restore(carrier)

    assert get_current() == {}


@pytest.mark.parametrize("garbage", [",,,=", "%%%", "a", "\ud800=b", "x" * 10_000])
def test_unreadable_baggage_does_not_cost_the_trace(garbage: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each is read on its own."""
    with caplog.at_level(logging.CRITICAL):
        in_another_process(json.dumps({"traceparent": TRACEPARENT, "baggage": garbage}))

    assert trace.get_current_span().get_span_context().trace_id == TRACE
    assert not baggage.get_all()
