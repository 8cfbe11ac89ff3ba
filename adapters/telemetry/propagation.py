"""The caller's trace context and baggage, in the formats of the W3C."""

import json
from typing import Any

from opentelemetry import baggage, context, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from application.jobs.propagation import Propagation

_LONGEST = 8_000
_HEADERS = ("traceparent", "tracestate", "baggage")


class OpenTelemetryPropagation(Propagation):
    """Carries `traceparent`, `tracestate` and `baggage`, whatever the process uses for its own calls."""

    def __init__(self) -> None:
        self._trace = TraceContextTextMapPropagator()
        self._baggage = W3CBaggagePropagator()

    def capture(self) -> str | None:
        """Capture as `Propagation.capture` promises. Baggage that is too large is left behind."""
        current = context.get_current()
        if not current:
            return None
        carrier: dict[str, str] = {}
        if trace.get_current_span(current).get_span_context().is_valid:
            self._trace.inject(carrier, current)
        if baggage.get_all(current):
            self._baggage.inject(carrier, current)
        text = _text(carrier)
        if len(text) > _LONGEST:
            carrier.pop("baggage", None)
            text = _text(carrier)
        return text if carrier else None

    def restore(self, carrier: str | None) -> None:
        """Restore as `Propagation.restore` promises; None makes an empty context the current one."""
        context.attach(Context() if carrier is None else self._extracted(carrier))

    def _extracted(self, carrier: str) -> Context:
        try:
            fields: Any = json.loads(carrier)
            headers = {name: fields[name] for name in _HEADERS if isinstance(fields.get(name), str)}
        except (ValueError, AttributeError, RecursionError):
            return Context()
        return self._baggage.extract(headers, self._trace.extract(headers, Context()))


def _text(carrier: dict[str, str]) -> str:
    return json.dumps(carrier, separators=(",", ":"))
