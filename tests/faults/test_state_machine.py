"""Random histories, on both adapters, against a pure model."""

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


def on_postgres(databases: Databases) -> OperatedMachine:
    """Start anew."""
    return OperatedMachine(fresh_postgres_world(databases))


def test_memory_does_what_the_model_does() -> None:
    """In many histories."""
    compare(lambda: OperatedMachine(_open_memory_world()), examples=80, steps=50)


def test_postgres_does_what_the_model_does(databases: Databases) -> None:
    """In some."""
    compare(partial(on_postgres, databases), examples=12, steps=40)


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_both_do_what_the_model_does_for_long(databases: Databases) -> None:
    """In very many."""
    compare(lambda: OperatedMachine(_open_memory_world()), examples=1_000, steps=60)
    compare(partial(on_postgres, databases), examples=60, steps=60)
