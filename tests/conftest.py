"""Fixtures for all tests."""

import signal
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from adapters.postgres.driver import Pool
from tests.postgres_server import Databases, postgres_server
from tests.web.in_browser.chromium import WITHOUT, chromium

pytest_plugins = [
    "tests.worlds.fixtures",
    "tests.acceptance.steps.given_jobs",
    "tests.acceptance.steps.given_units",
    "tests.acceptance.steps.given_workers",
    "tests.acceptance.steps.when",
    "tests.acceptance.steps.then",
]


def pytest_configure() -> None:
    """Hear Ctrl-C also where a shell started the tests in the background, which lets them ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tried here."""
    if chromium() is None:
        terminalreporter.write_line(WITHOUT, red=True, bold=True)


@pytest.fixture(scope="session")
def server_dsn() -> Iterator[str]:
    """Run a server of this test process's own."""
    with postgres_server() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def databases(server_dsn: str) -> Iterator[Databases]:
    """Make databases on it."""
    databases = Databases(server_dsn)
    try:
        databases.create_template()
        yield databases
    finally:
        databases.drop_template()


@pytest.fixture
def database_dsn(databases: Databases) -> Iterator[str]:
    """Yield a fresh database that is migrated."""
    dsn = databases.create()
    yield dsn
    databases.drop(dsn)


@pytest.fixture
async def pool(database_dsn: str) -> AsyncIterator[Pool]:
    """Yield connections to the fresh database."""
    async with asyncpg.create_pool(database_dsn, min_size=0, max_size=20) as pool:
        yield pool
