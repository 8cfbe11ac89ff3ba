"""An SDK as an application sets it up: batches of spans, and metrics that are collected now and then."""

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult


class _Nowhere(SpanExporter):
    """What an exporter costs is its own affair."""

    def export(self, spans: object) -> SpanExportResult:
        """Drop them."""
        return SpanExportResult.SUCCESS


def set_up(kind: str) -> None:
    """Record `metrics`, or `traces` and metrics; anything else is no SDK."""
    if kind in ("metrics", "traces"):
        metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False))
    if kind == "traces":
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(_Nowhere()))
        trace.set_tracer_provider(provider)
