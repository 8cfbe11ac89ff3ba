"""What a queue tells of itself, gathered by an SDK in memory."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, Metric, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.telemetry import OpenTelemetry

Point = NumberDataPoint | HistogramDataPoint


class _Beginnings(SpanProcessor):
    """Keeps the names of spans that have begun."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self.names.append(span.name)


class Telescope:
    """An application with tracing and metrics."""

    def __init__(self) -> None:
        self._beginnings = _Beginnings()
        self._exporter = InMemorySpanExporter()
        self.tracer_provider = TracerProvider(shutdown_on_exit=False)
        self.tracer_provider.add_span_processor(self._beginnings)
        self.tracer_provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._reader = InMemoryMetricReader()
        self.meter_provider = MeterProvider([self._reader], shutdown_on_exit=False)
        self.telemetry = OpenTelemetry(self.tracer_provider, self.meter_provider)

    def spans(self, name: str | None = None) -> Sequence[ReadableSpan]:
        """Return the spans that have ended, in the order in which they did."""
        return [span for span in self._exporter.get_finished_spans() if name in (None, span.name)]

    def begun(self) -> Sequence[str]:
        """Return the names of the spans that have begun, whether they have ended or not."""
        return tuple(self._beginnings.names)

    def span(self, name: str) -> ReadableSpan:
        """Return the only one of this name."""
        [span] = self.spans(name)
        return span

    def points(self, metric: str) -> list[Point]:
        """Return the series of a metric; none where it was never measured."""
        return [
            point
            for found in self.metrics()
            if found.name == metric
            for point in found.data.data_points
            if isinstance(point, (NumberDataPoint, HistogramDataPoint))
        ]

    def metrics(self) -> list[Metric]:
        """Return everything that was measured."""
        data = self._reader.get_metrics_data()
        return [
            found
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for found in scope.metrics
        ]

    def number(self, metric: str, **attributes: str) -> float:
        """Return the sum of the series that have these attributes, by the last part of their names.

        Of a histogram, how often it was measured.
        """
        return sum(
            point.value if isinstance(point, NumberDataPoint) else point.count
            for point in self.points(metric)
            if attributes.items() <= _short(point).items()
        )

    def close(self) -> None:
        """Let go of the providers."""
        self.tracer_provider.shutdown()
        self.meter_provider.shutdown()


def _short(point: Point) -> dict[str, object]:
    return {name.rpartition(".")[2]: value for name, value in (point.attributes or {}).items()}
