"""What is looked up when metrics are collected."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from adapters.telemetry.attributes import CLIENT, DESTINATION, STATE
from application.jobs.options import shown_name
from application.jobs.survey import QueueDepth, Survey

_FRESH = 60.0
"""Seconds. An older survey is not shown: a database that does not answer must not look calm."""


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
        self._surveys: dict[object, tuple[float, Survey]] = {}
        show = meter.create_observable_gauge
        show("arrower.pool.in_use", [self._in_use], "{job_func}", "Calls of job funcs that run now.")
        show("arrower.pool.size", [self._size], "{job_func}", "Calls of job funcs that may run at the same time.")
        show(
            "arrower.queue.depth", [self._depth], "{job}", "Jobs of a queue by their state; estimated where very many."
        )
        show(
            "arrower.queue.oldest_ready.age", [self._oldest_ready], "s", "Longest time a ready job has waited; 0: none."
        )
        show("arrower.database.oldest_snapshot.age", [self._oldest_snapshot], "s", "Age of the oldest held snapshot.")

    def watch(self, key: object, pool: WatchedPool) -> None:
        """Ask this pool from now on."""
        self._pools[key] = pool

    def unwatch(self, key: object) -> None:
        """Ask it no more, and forget what it has seen."""
        self._pools.pop(key, None)
        self._surveys.pop(key, None)

    def surveyed(self, key: object, survey: Survey) -> None:
        """Show what this pool has seen."""
        self._surveys[key] = time.monotonic(), survey

    def _in_use(self, _options: CallbackOptions) -> Iterator[Observation]:
        for pool in tuple(self._pools.values()):
            yield Observation(pool.running(), {DESTINATION: pool.destination, CLIENT: pool.name})

    def _size(self, _options: CallbackOptions) -> Iterator[Observation]:
        for pool in tuple(self._pools.values()):
            yield Observation(pool.size, {DESTINATION: pool.destination, CLIENT: pool.name})

    def _depth(self, _options: CallbackOptions) -> Iterator[Observation]:
        for depth in self._depths():
            for state, number in depth.states.items():
                yield Observation(int(number), {DESTINATION: shown_name(depth.queue), STATE: state.value})

    def _oldest_ready(self, _options: CallbackOptions) -> Iterator[Observation]:
        for depth in self._depths():
            age = 0.0 if depth.oldest_ready is None else depth.oldest_ready.total_seconds()
            yield Observation(age, {DESTINATION: shown_name(depth.queue)})

    def _oldest_snapshot(self, _options: CallbackOptions) -> Iterator[Observation]:
        for survey in self._fresh()[-1:]:
            if survey.oldest_snapshot is not None:
                yield Observation(survey.oldest_snapshot.total_seconds())

    def _depths(self) -> list[QueueDepth]:
        # Every pool sees all queues: the last look at each counts.
        return list({depth.queue: depth for survey in self._fresh() for depth in survey.queues}.values())

    def _fresh(self) -> list[Survey]:
        now = time.monotonic()
        surveys = sorted(self._surveys.copy().values(), key=lambda seen: seen[0])
        return [survey for seen_at, survey in surveys if now - seen_at <= _FRESH]
