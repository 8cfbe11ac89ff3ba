"""Whether anything records, found out where many jobs share the price of asking."""

import time

from opentelemetry import metrics, trace
from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import NoOpTracer, NoOpTracerProvider, ProxyTracerProvider, Tracer, TracerProvider

from adapters.telemetry.attributes import ARROWER, SCHEMA_URL
from adapters.telemetry.instruments import Instruments, instruments_of

_INTERVAL = 0.1
"""Seconds for which an answer is good: asking reads the environment several times, a tenth of an enqueue in memory."""


class Providers:
    """The given providers, or those of the process, which the application may set at any time."""

    def __init__(self, tracer_provider: TracerProvider | None, meter_provider: MeterProvider | None) -> None:
        self._given = (tracer_provider, meter_provider)
        self._seen: tuple[object, object] = (None, None)
        self._next_look = 0.0
        self.tracer: Tracer | None = None
        """None where no span is recorded."""
        self.instruments: Instruments | None = None
        """None where no measurement is."""

    def look(self) -> bool:
        """See which providers there are. Tell whether that has changed."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + _INTERVAL
        tracer_provider = self._given[0] or trace.get_tracer_provider()
        meter_provider = self._given[1] or metrics.get_meter_provider()
        seen = (tracer_provider, meter_provider)
        if seen == self._seen:
            return False
        self._seen = seen
        self.tracer = _recording_tracer(tracer_provider)
        self.instruments = instruments_of(meter_provider)
        return True


def _recording_tracer(provider: TracerProvider) -> Tracer | None:
    if isinstance(provider, (ProxyTracerProvider, NoOpTracerProvider)):
        return None
    tracer = provider.get_tracer(ARROWER, schema_url=SCHEMA_URL)
    return None if isinstance(tracer, NoOpTracer) else tracer
