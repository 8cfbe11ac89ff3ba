"""One database per test, at a time that stands still."""

import pytest

from adapters.memory import (
    InMemoryDatabase,
    InMemoryInspection,
    InMemoryQueue,
    InMemoryUnitOfWork,
    ManualClock,
)


@pytest.fixture
def clock() -> ManualClock:
    """A clock moved by hand."""
    return ManualClock()


@pytest.fixture
def database(clock: ManualClock) -> InMemoryDatabase:
    """An empty database."""
    return InMemoryDatabase(clock)


@pytest.fixture
def queue(database: InMemoryDatabase) -> InMemoryQueue:
    """The default queue, not started."""
    return InMemoryQueue(database)


@pytest.fixture
def unit_of_work(database: InMemoryDatabase) -> InMemoryUnitOfWork:
    """Units of work on the database."""
    return InMemoryUnitOfWork(database)


@pytest.fixture
def inspection(database: InMemoryDatabase) -> InMemoryInspection:
    """A look at everything."""
    return InMemoryInspection(database)
