"""Random histories, on both adapters, against a pure model."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.operated_machine import OperatedMachine
from tests.postgres_server import Databases
from tests.worlds import World, open_postgres_world
from tests.worlds.fixtures import _open_memory_world

_CHECKS_THAT_DEPEND_ON_SPEED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
TEN_TIMES = 10
EVERYTHING = {
    *("enqueued", "promoted", "claimed", "stale", "completed", "failed", "dead", "snoozed", "released"),
    *("cancelled", "called off", "retried", "changed", "deleted", "frozen", "pruned"),
    *("rescued, charged", "rescued, refunded", "rescued, buried", "rescued, cancelled"),
}
"""What has to happen to jobs in the histories of a run."""


def compare(machine: Callable[[], OperatedMachine], examples: int, steps: int) -> None:
    """Run histories that are the same each time."""
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]  # any factory will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=_CHECKS_THAT_DEPEND_ON_SPEED,
        ),
    )


@asynccontextmanager
async def fresh_postgres_world(databases: Databases) -> AsyncIterator[World]:
    """Open a world in a database of its own."""
    dsn = databases.create()
    try:
        async with open_postgres_world(dsn) as world:
            yield world
    finally:
        databases.drop(dsn)


def on_postgres(databases: Databases, seen: Counter[str]) -> OperatedMachine:
    """Start anew."""
    return OperatedMachine(fresh_postgres_world(databases), seen)


def in_memory(seen: Counter[str]) -> OperatedMachine:
    """Start anew."""
    return OperatedMachine(_open_memory_world(), seen)


def test_memory_does_what_the_model_does() -> None:
    """In many histories, in which everything happens."""
    seen = Counter[str]()
    compare(partial(in_memory, seen), examples=80, steps=50)

    assert {what for what in EVERYTHING if seen[what] < TEN_TIMES} == set(), seen


def test_postgres_does_what_the_model_does(databases: Databases) -> None:
    """In some, in which everything happens, if only once."""
    seen = Counter[str]()
    compare(partial(on_postgres, databases, seen), examples=12, steps=40)

    assert EVERYTHING - seen.keys() == set(), seen


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("adapter", "examples"), [("memory", 1_000), ("postgres", 60)])
def test_both_do_what_the_model_does_for_long(
    databases: Databases, adapter: str, examples: int, record_property: Callable[[str, object], None]
) -> None:
    """In very many; how often what happened is in the report of the run."""
    seen = Counter[str]()
    machine = partial(in_memory, seen) if adapter == "memory" else partial(on_postgres, databases, seen)
    compare(machine, examples, steps=60)

    record_property("seen", dict(seen))
    least = TEN_TIMES if adapter == "memory" else 1
    assert {what for what in EVERYTHING if seen[what] < least} == set(), seen
