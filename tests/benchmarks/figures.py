"""The figures of the table and of the JSON file, out of the measurements of one contender."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.case import Measurement
from tests.benchmarks.footprint import Footprint
from tests.benchmarks.summary import Spread, percentile, spread

_MEGABYTE = 2**20
_MICROSECOND = 1e-6


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over the rounds. None is what was not measured."""

    rate: Spread
    p50: float | None
    p99: float | None
    wal_per_job: float | None
    commits_per_job: float | None
    peak_mb: float | None
    worker_us_per_job: float | None
    server_us_per_job: float | None
    details: dict[str, float]


def figures(measurements: Sequence[Measurement]) -> Figures:
    """Sum up at least one measurement."""
    rates = spread([measurement.rate for measurement in measurements])
    if rates is None:
        msg = "there are no measurements"
        raise ValueError(msg)
    return Figures(
        rate=rates,
        p50=_latency(measurements, 50),
        p99=_latency(measurements, 99),
        wal_per_job=_per_job(measurements, lambda cost: cost.wal_bytes),
        commits_per_job=_per_job(measurements, lambda cost: cost.commits),
        peak_mb=_middle([_scaled(m.footprint.peak_rss, 1 / _MEGABYTE) for m in measurements if m.footprint]),
        worker_us_per_job=_per_job(measurements, lambda cost: cost.worker_cpu / _MICROSECOND),
        server_us_per_job=_per_job(measurements, lambda cost: _scaled(cost.server_cpu, 1 / _MICROSECOND)),
        details={
            name: median(m.details[name] for m in measurements if name in m.details) for name in measurements[0].details
        },
    )


def _latency(measurements: Sequence[Measurement], percent: float) -> float | None:
    return _middle([percentile(m.latencies, percent) for m in measurements if m.latencies])


def _per_job(measurements: Sequence[Measurement], cost: Callable[[Footprint], float | None]) -> float | None:
    return _middle([_scaled(cost(m.footprint), 1 / m.jobs) for m in measurements if m.footprint])


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
