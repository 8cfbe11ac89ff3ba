"""The dashboard on a database that does not answer: what to do is said, and the log has one line."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import postgres_control_room
from adapters.postgres.driver import Pool
from adapters.postgres.looking.health import PostgresHealth
from adapters.web import DashboardOptions, dashboard
from application.jobs.looking import DatabaseTrouble
from infrastructure.dashboard import postgres_dashboard
from tests.integration.roles import reader_role
from tests.web.browser import Browser, text_of
from tests.worlds import PostgresWorld

PAGES = ("/", "/queues", "/jobs", "/dead", "/workers", "/enqueue", "/jobs/1", "/jobs/retry?state=dead")
ACTING = DashboardOptions(actions=True)


def told(caplog: pytest.LogCaptureFixture) -> Sequence[str]:
    """Return what the log has, none of it with a traceback."""
    alarms = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert all(record.exc_info is None for record in alarms)
    return [f"{record.name}: {record.getMessage()}" for record in alarms]


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Browser]:
    """Open a dashboard on which one may act."""
    async with postgres_dashboard(dsn, ACTING) as app, Browser(app) as browser:
        yield browser


async def test_missing_tables_are_named(database_dsn: str, pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    """With what to do about them, on each page."""
    await pool.execute("drop schema arrower cascade")
    async with opened(database_dsn) as browser:
        for page in PAGES:
            caplog.clear()
            answer = await browser.get(page)

            assert answer.status_code == 503, page
            assert "<code>arrower migrate</code>" in answer.text
            assert "The tables of the queue are missing in this database." in text_of(answer.text)
            (line,) = told(caplog)
            assert line.startswith("arrower.dashboard: the tables are not ready: UndefinedTableError: relation")
        assert (await browser.get("/database")).status_code == 200


async def test_a_database_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """It can be tried again, on each page."""
    async with opened("postgresql://ada:hunter2@127.0.0.1:1/shop") as browser:
        for page in (*PAGES, "/database"):
            caplog.clear()
            answer = await browser.get(page)

            assert answer.status_code == 503, page
            assert "The database cannot be reached" in answer.text
            assert f'href="{page}">Try again</a>' in answer.text
            (line,) = told(caplog)
            assert line.startswith("arrower.dashboard: the database cannot be reached: ConnectionRefusedError: ")
            assert "hunter2" not in line + answer.text


async def test_a_database_that_is_not_there(database_dsn: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log names it."""
    async with opened(urlunsplit(urlsplit(database_dsn)._replace(path="/nowhere"))) as browser:
        answer = await browser.get("/")

    assert answer.status_code == 503
    assert told(caplog) == [
        'arrower.dashboard: the database cannot be reached: InvalidCatalogNameError: database "nowhere" does not exist'
    ]


async def test_a_right_that_lacks(world: PostgresWorld, caplog: pytest.LogCaptureFixture) -> None:
    """To look, and to act. What was done is not offered again."""
    options = DashboardOptions(actions=True, interval=timedelta(milliseconds=1))
    async with (
        reader_role(world, "visitor") as pool,
        Browser(dashboard(postgres_control_room(pool), options)) as browser,
    ):
        act = await browser.post("/queues/pause", {"token": await browser.token(), "queue": "emails"})
        role = await pool.fetchval("select current_user")
        await world.pool.execute(f'revoke select on arrower.workers from "{role}"')
        look = await browser.get("/workers")

    assert [act.status_code, look.status_code] == [503, 503]
    assert "The database does not allow it" in act.text
    assert "Try again" not in act.text
    assert "Try again" in look.text
    assert told(caplog) == [
        "arrower.dashboard: the database does not allow it: InsufficientPrivilegeError: permission denied for table "
        + table
        for table in ("pauses", "workers")
    ]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (asyncpg.InvalidPasswordError("no"), DatabaseTrouble.UNREACHABLE),
        (asyncpg.InterfaceError("pool is closed"), DatabaseTrouble.UNREACHABLE),
        (TimeoutError(), DatabaseTrouble.UNREACHABLE),
        (asyncpg.QueryCanceledError("statement timeout"), DatabaseTrouble.TOO_SLOW),
        (asyncpg.LockNotAvailableError("lock timeout"), DatabaseTrouble.TOO_SLOW),
        (asyncpg.SyntaxOrAccessError("a mistake of ours"), None),
        (asyncpg.exceptions.ClientConfigurationError("a mistake of ours"), None),
        (KeyError("a mistake of ours"), None),
    ],
)
def test_what_an_error_tells_of_the_database(pool: Pool, error: Exception, trouble: DatabaseTrouble | None) -> None:
    """Mistakes of ours tell nothing of it, and keep their traceback."""
    assert PostgresHealth(pool).trouble(error) is trouble
