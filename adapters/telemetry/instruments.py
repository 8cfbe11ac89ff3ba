"""The instruments of metrics: one set for each provider, whatever the number of queues that report to it."""

from typing import Final
from weakref import WeakKeyDictionary

from opentelemetry.metrics import Meter, MeterProvider, NoOpMeter

from adapters.telemetry.attributes import ARROWER, SCHEMA_URL
from adapters.telemetry.counts import Counts
from adapters.telemetry.gauges import Gauges

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The boundaries that the conventions specify for durations of messaging."""

_LONG: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400)
"""Jobs may wait for days where no worker knows their type."""

_JOBS: Final = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


class Instruments:
    """Where measurements go."""

    def __init__(self, meter: Meter) -> None:
        self.operation_duration = meter.create_histogram(
            "messaging.client.operation.duration",
            "s",
            "Time to send jobs, to claim them, and to write that they are completed.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.process_duration = meter.create_histogram(
            "messaging.process.duration",
            "s",
            "Time of a call of a job func, its commit included.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.wait = meter.create_histogram(
            "arrower.job.wait.duration",
            "s",
            "Time from enqueue to the start, of jobs that were not scheduled.",
            explicit_bucket_boundaries_advisory=_LONG,
        )
        self.lateness = meter.create_histogram(
            "arrower.schedule.lateness",
            "s",
            "Time from when a scheduled job was due, retries included, to its start.",
            explicit_bucket_boundaries_advisory=_LONG,
        )
        self.claim_size = meter.create_histogram(
            "arrower.claim.size",
            "{job}",
            "Jobs that one claim brought.",
            explicit_bucket_boundaries_advisory=_JOBS,
        )
        self.flush_size = meter.create_histogram(
            "arrower.completion.flush.size",
            "{job}",
            "Completions that were written together.",
            explicit_bucket_boundaries_advisory=_JOBS,
        )
        self.counts = Counts(meter)
        self.gauges = Gauges(meter)


_of_providers: WeakKeyDictionary[MeterProvider, Instruments] = WeakKeyDictionary()


def instruments_of(provider: MeterProvider) -> Instruments | None:
    """Return the instruments of a provider, or None where it records nothing."""
    if type(provider).__module__.startswith("opentelemetry.metrics"):
        return None  # what the API itself brings only waits for an SDK
    known = _of_providers.get(provider)
    if known is not None:
        return known
    meter = provider.get_meter(ARROWER, schema_url=SCHEMA_URL)
    if isinstance(meter, NoOpMeter):
        return None
    return _of_providers.setdefault(provider, Instruments(meter))
