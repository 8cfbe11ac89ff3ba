"""Counters that cost a job an addition: the sums are kept here, and handed over when metrics are collected."""

from collections import defaultdict
from collections.abc import Iterator
from threading import Lock
from typing import Final, NamedTuple

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from adapters.telemetry.attributes import Attributes


class _Counter(NamedTuple):
    name: str
    unit: str
    description: str


SENT: Final = "messaging.client.sent.messages"
CONSUMED: Final = "messaging.client.consumed.messages"
ATTEMPTS: Final = "arrower.attempts.ended"
LOST: Final = "arrower.attempts.lost"
RETRIED: Final = "arrower.jobs.retried"
DEAD: Final = "arrower.jobs.dead"
RESCUED: Final = "arrower.jobs.rescued"
PROMOTED: Final = "arrower.jobs.promoted"
PRUNED: Final = "arrower.jobs.pruned"

_COUNTERS = (
    _Counter(SENT, "{message}", "Jobs given to enqueue, those of a unit of work that was rolled back included."),
    _Counter(CONSUMED, "{message}", "Jobs given to a job func."),
    _Counter(ATTEMPTS, "{attempt}", "Attempts whose end is written, by how they ended."),
    _Counter(LOST, "{attempt}", "Attempts that ended after their job was given to another; nothing was written."),
    _Counter(RETRIED, "{job}", "Jobs that failed and wait for another attempt."),
    _Counter(DEAD, "{job}", "Jobs that failed for good."),
    _Counter(RESCUED, "{job}", "Jobs that were taken from a worker that died or froze."),
    _Counter(PROMOTED, "{job}", "Scheduled jobs that became ready."),
    _Counter(PRUNED, "{job}", "Finished jobs that were forgotten."),
)


class Counts:
    """Adds up, from any thread."""

    def __init__(self, meter: Meter) -> None:
        self._lock = Lock()
        self._sums: dict[str, defaultdict[Attributes, int]] = {}
        for counter in _COUNTERS:
            self._sums[counter.name] = defaultdict(int)
            meter.create_observable_counter(
                counter.name,
                [_Observed(self, counter.name)],
                counter.unit,
                counter.description,
            )

    def add(self, name: str, number: int, attributes: Attributes) -> None:
        """Add to the sum of one series."""
        with self._lock:
            self._sums[name][attributes] += number

    def observe(self, name: str) -> Iterator[Observation]:
        """Return the sums of all series of a counter."""
        with self._lock:
            sums = tuple(self._sums[name].items())
        return (Observation(number, dict(attributes)) for attributes, number in sums)


class _Observed:
    def __init__(self, counts: Counts, name: str) -> None:
        self._counts = counts
        self._name = name

    def __call__(self, _options: CallbackOptions) -> Iterator[Observation]:
        return self._counts.observe(self._name)
