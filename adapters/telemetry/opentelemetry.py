"""Traces and metrics with OpenTelemetry."""

import logging

from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import TracerProvider

from adapters.telemetry.pool import OpenTelemetryPool
from adapters.telemetry.propagation import OpenTelemetryPropagation
from adapters.telemetry.providers import Providers
from adapters.telemetry.sending import RecordedSending, UnrecordedSending
from application.jobs.job_store import Enqueueing
from application.jobs.telemetry import PoolTelemetry, Sending, Telemetry

logger = logging.getLogger("arrower.telemetry")


class OpenTelemetry(Telemetry):
    """Follows the conventions for messaging, version 1.44.0; see docs/observability.md.

    Needs the API alone. Where the process has no SDK, the caller's context still travels with the jobs,
    and nothing else is done.
    """

    def __init__(
        self,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        """Report to these providers; None is the one of the process, whenever it is set."""
        self._providers = (tracer_provider, meter_provider)
        self._senders = Providers(tracer_provider, meter_provider)
        self._propagation = OpenTelemetryPropagation()

    def sending(self, queue: str, enqueueing: Enqueueing, *, batch: bool) -> Sending:
        providers = self._senders
        providers.look()
        if providers.tracer is not None or providers.instruments is not None:
            try:
                return RecordedSending(
                    providers.tracer,
                    providers.instruments,
                    self._propagation,
                    queue,
                    enqueueing,
                    batch=batch,
                )
            except Exception:  # telemetry never fails an enqueue
                logger.debug("an enqueue is not recorded", exc_info=True)
        return UnrecordedSending(self._propagation.capture())

    def pool(self, queue: str, name: str, size: int) -> PoolTelemetry:
        providers = Providers(*self._providers)
        return OpenTelemetryPool(providers, self._propagation, queue, name, size)
