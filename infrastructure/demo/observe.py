"""`python -m infrastructure.demo.observe`: a few orders in memory, with the spans and metrics they leave."""

import argparse
import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricsData, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from rich.console import Console
from rich.table import Table

from infrastructure.demo.in_memory import MemoryDemo
from infrastructure.demo.order_file import OrderFile
from infrastructure.demo.summary import show

_NANOSECONDS = 1e6


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demo with an SDK, and print what it has gathered."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.demo.observe", description=main.__doc__)
    parser.add_argument("--orders", type=int, default=8, help="place so many orders (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False)
    logging.getLogger("arrower").addHandler(logging.NullHandler())  # failures are part of the show
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracer_provider = TracerProvider()
    tracer_provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(tracer_provider)
    metrics.set_meter_provider(MeterProvider([reader]))
    demo = MemoryDemo(OrderFile(limit=chosen.orders), timedelta(seconds=1), console)
    show(asyncio.run(demo.run()), console)
    _print_spans(exporter.get_finished_spans(), console)
    _print_metrics(reader.get_metrics_data(), console)


def _print_spans(spans: Sequence[ReadableSpan], console: Console) -> None:
    began = min((span.start_time or 0 for span in spans), default=0)
    table = Table("trace", "span", "parent", "name", "job", "attempt", "at ms", "took ms", "outcome", title="Spans")
    for span in sorted(spans, key=lambda span: span.start_time or 0):
        told, here = span.attributes or {}, span.get_span_context()
        start, end = span.start_time or 0, span.end_time or 0
        table.add_row(
            "" if here is None else f"{here.trace_id:032x}"[:6],
            "" if here is None else f"{here.span_id:016x}"[:6],
            "" if span.parent is None else f"{span.parent.span_id:016x}"[:6],
            span.name,
            str(told.get("messaging.arrower.type", "")).rpartition(".")[2],
            str(told.get("messaging.arrower.attempt", "")),
            f"{(start - began) / _NANOSECONDS:.1f}",
            f"{(end - start) / _NANOSECONDS:.2f}",
            str(told.get("messaging.arrower.outcome", "")),
        )
    console.print(table)


def _print_metrics(data: MetricsData | None, console: Console) -> None:
    table = Table("metric", "told by", "value", title="Metrics")
    for resource in data.resource_metrics if data else ():
        for metric in (metric for scope in resource.scope_metrics for metric in scope.metrics):
            for point in metric.data.data_points:
                told = " ".join(str(value).rpartition(".")[2] for value in (point.attributes or {}).values())
                if isinstance(point, NumberDataPoint):
                    value = f"{point.value:g}"
                else:
                    value = (
                        f"{point.count} of {point.sum / point.count if point.count else 0:.4f} {metric.unit} on average"
                    )
                table.add_row(metric.name, told, value)
    console.print(table)


if __name__ == "__main__":
    main()
