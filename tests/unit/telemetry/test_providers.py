"""Which SDK a queue reports to, and that none of them can do harm."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from adapters.memory import InMemoryInspection, InMemoryQueue
from adapters.memory.database import InMemoryDatabase
from adapters.telemetry import OpenTelemetry
from adapters.telemetry.providers import Providers
from domain.jobs import JobState

ROOT = Path(__file__).parents[3]

_SET_LATE = """
import asyncio
from dataclasses import dataclass
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from adapters.memory import InMemoryQueue

@dataclass
class SendReceipt:
    order: str

async def send_receipt(job: SendReceipt) -> None:
    pass

async def main() -> None:
    queue = InMemoryQueue()
    await queue.register_job_func(send_receipt)
    await queue.start()
    await queue.enqueue(SendReceipt("unseen"))
    while queue.count():
        await asyncio.sleep(0)
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider([reader]))
    names = set()
    for _ in range(50):
        await queue.enqueue(SendReceipt("seen within a moment"))
        while queue.count():
            await asyncio.sleep(0)
        names = {span.name for span in exporter.get_finished_spans()}
        if len(names) == 2:
            break
        await asyncio.sleep(0.01)
    await queue.shutdown()
    print(sorted(names), reader.get_metrics_data() is not None)

asyncio.run(main())
"""


@dataclass
class SendReceipt:
    """The job."""

    order: str


async def send_receipt(job: SendReceipt) -> None:
    """Do nothing."""


def run(program: str, **environment: str) -> str:
    """Run a program of its own, for what can be set once in a process."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


def test_an_sdk_may_be_set_while_the_queue_works() -> None:
    """It sees what happens from a moment later."""
    assert run(_SET_LATE) == "['process default', 'send default'] True"


def test_an_sdk_that_is_disabled_records_nothing() -> None:
    """By the environment variable of OpenTelemetry."""
    assert run(_SET_LATE, OTEL_SDK_DISABLED="true") == "[] False"


def test_without_an_sdk_nothing_records() -> None:
    """The API's own providers wait for one."""
    providers = Providers(trace.ProxyTracerProvider(), metrics.get_meter_provider())

    assert providers.look()
    assert (providers.tracer, providers.instruments) == (None, None)
    assert not providers.look()


def test_providers_that_do_nothing_are_as_good_as_none() -> None:
    """An application may set them to turn telemetry off."""
    providers = Providers(trace.NoOpTracerProvider(), metrics.NoOpMeterProvider())
    providers.look()

    assert (providers.tracer, providers.instruments) == (None, None)


def test_all_queues_share_the_instruments_of_a_provider() -> None:
    """Two with the same name would be measured twice."""
    provider = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False)
    first, second = Providers(None, provider), Providers(None, provider)
    first.look()
    second.look()

    assert first.instruments is not None
    assert first.instruments is second.instruments


class Vandal(SpanProcessor):
    """A processor with a bug."""

    def __init__(self, where: str) -> None:
        self._where = where

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Fail, perhaps."""
        self._fail("start")

    def on_end(self, span: ReadableSpan) -> None:
        """Fail, perhaps."""
        self._fail("end")

    def _fail(self, where: str) -> None:
        if where == self._where:
            msg = "the exporter is broken"
            raise RuntimeError(msg)


async def outcome_with(provider: TracerProvider) -> Mapping[JobState, int]:
    """Return the states of a job that is enqueued and worked."""
    database = InMemoryDatabase()
    queue = InMemoryQueue(database, telemetry=OpenTelemetry(provider))
    await queue.register_job_func(send_receipt)
    await queue.enqueue(SendReceipt("A-1001"))
    await queue.work_all()
    counts = await InMemoryInspection(database).counts()
    return {state: number for state, number in counts.items() if number}


@pytest.mark.parametrize("where", ["start", "end"])
async def test_telemetry_that_fails_fails_no_job(where: str) -> None:
    """Neither the enqueue nor the attempt."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Vandal(where))

    assert await outcome_with(provider) == {JobState.COMPLETED: 1}


async def test_spans_that_are_not_sampled_are_passed_on() -> None:
    """Their context travels, so that nobody samples a part of a trace."""
    provider = TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False)
    queue = InMemoryQueue(telemetry=OpenTelemetry(provider))
    seen: list[trace.SpanContext] = []

    async def look(job: SendReceipt) -> None:
        seen.append(trace.get_current_span().get_span_context())

    await queue.register_job_func(look)
    with provider.get_tracer("shop").start_as_current_span("POST /orders") as request:
        await queue.enqueue(SendReceipt("A-1001"))
    await queue.work_all()

    assert [span.trace_id for span in seen] == [request.get_span_context().trace_id]
    assert not seen[0].trace_flags.sampled
