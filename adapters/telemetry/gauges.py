"""What is looked up when metrics are collected."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from adapters.telemetry.attributes import CLIENT, DESTINATION


class WatchedPool(NamedTuple):
    """A pool that runs."""

    destination: str
    name: str
    size: int
    running: Callable[[], int]


class Gauges:
    """Asks the pools of this process that report to one provider."""

    def __init__(self, meter: Meter) -> None:
        self._pools: dict[object, WatchedPool] = {}
        meter.create_observable_gauge(
            "arrower.pool.in_use",
            [self._in_use],
            "{job_func}",
            "Calls of job funcs that run now.",
        )
        meter.create_observable_gauge(
            "arrower.pool.size",
            [self._size],
            "{job_func}",
            "Calls of job funcs that may run at the same time.",
        )

    def watch(self, key: object, pool: WatchedPool) -> None:
        """Ask this pool from now on."""
        self._pools[key] = pool

    def unwatch(self, key: object) -> None:
        """Ask it no more."""
        self._pools.pop(key, None)

    def _in_use(self, _options: CallbackOptions) -> Iterator[Observation]:
        for pool in tuple(self._pools.values()):
            yield Observation(pool.running(), {DESTINATION: pool.destination, CLIENT: pool.name})

    def _size(self, _options: CallbackOptions) -> Iterator[Observation]:
        for pool in tuple(self._pools.values()):
            yield Observation(pool.size, {DESTINATION: pool.destination, CLIENT: pool.name})
