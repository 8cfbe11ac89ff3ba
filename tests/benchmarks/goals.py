"""What a case has to reach, each as one number that can be compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.summary import Spread, paired_ratios, percentile, spread

if TYPE_CHECKING:
    from tests.benchmarks.case import Measurement

_MEGABYTE = 2**20

Results = Mapping[str, Sequence["Measurement"]]
"""The measurements of a case by contender, in the order of the rounds."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A number, and the limit it must keep."""

    text: str
    value: Callable[[Results], Spread | None]
    at_least: float = float("-inf")
    at_most: float = float("inf")

    def met(self, results: Results) -> bool | None:
        """Tell whether the median keeps the limit; None where it was not measured."""
        value = self.value(results)
        return None if value is None else self.at_least <= value.median <= self.at_most


def faster(contender: str, factor: float, reference: str) -> Goal:
    """Expect `factor` times the jobs per second of the reference."""

    def ratio(results: Results) -> Spread | None:
        return paired_ratios(_rates(results, contender), _rates(results, reference))

    return Goal(f"{contender} ≥ {factor:g} x {reference}", ratio, at_least=factor)


def rate(contender: str, jobs_per_second: float) -> Goal:
    """Expect a rate in jobs per second."""
    return Goal(
        f"{contender} ≥ {jobs_per_second:,.0f} jobs/s",
        lambda results: spread(_rates(results, contender)),
        at_least=jobs_per_second,
    )


def delay(contender: str, percent: float, milliseconds: float) -> Goal:
    """Expect a percentile of the latencies to be small."""

    def value(results: Results) -> Spread | None:
        return spread([percentile(m.latencies, percent) for m in results.get(contender, ()) if m.latencies])

    return Goal(f"{contender} p{percent:g} ≤ {milliseconds:g} ms", value, at_most=milliseconds)


def detail(contender: str, name: str, *, at_least: float = float("-inf"), at_most: float = float("inf")) -> Goal:
    """Expect one of the details of a measurement to keep limits."""

    def value(results: Results) -> Spread | None:
        return spread([m.details[name] for m in results.get(contender, ()) if name in m.details])

    limits = [f"≥ {at_least:g}"] * (at_least > float("-inf")) + [f"≤ {at_most:g}"] * (at_most < float("inf"))
    return Goal(f"{contender}: {name} {' and '.join(limits)}", value, at_least, at_most)


def memory(contender: str, *, megabytes: float) -> Goal:
    """Expect the largest worker process to stay small."""

    def value(results: Results) -> Spread | None:
        peaks = [m.footprint.peak_rss for m in results.get(contender, ()) if m.footprint is not None]
        return spread([peak / _MEGABYTE for peak in peaks if peak is not None])

    return Goal(f"{contender}: worker ≤ {megabytes:g} MB", value, at_most=megabytes)


def detail_beyond(contender: str, name: str, reference: str, *, at_most: float) -> Goal:
    """Expect a detail to be little more than that of the reference."""

    def value(results: Results) -> Spread | None:
        pairs = zip(results.get(contender, ()), results.get(reference, ()), strict=False)
        return spread([one.details[name] - other.details[name] for one, other in pairs])

    return Goal(f"{contender}: {name} beyond {reference} ≤ {at_most:g}", value, at_most=at_most)


def work_beyond(contender: str, reference: str, *, microseconds: float) -> Goal:
    """Expect the worker to spend little more CPU on a job than the reference."""

    def value(results: Results) -> Spread | None:
        pairs = zip(_work(results, contender), _work(results, reference), strict=False)
        return spread([one - other for one, other in pairs])

    return Goal(f"{contender}: µs of the worker beyond {reference} ≤ {microseconds:g}", value, at_most=microseconds)


def _work(results: Results, contender: str) -> list[float]:
    """Return the microseconds of CPU for each job."""
    measured = ((m.footprint, m.jobs) for m in results.get(contender, ()))
    return [footprint.worker_cpu / jobs * 1e6 for footprint, jobs in measured if footprint is not None]


def _rates(results: Results, contender: str) -> list[float]:
    return [measurement.rate for measurement in results.get(contender, ())]
