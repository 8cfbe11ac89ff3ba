"""The dashboard as a process of its own, and its connections."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from functools import partial

import asyncpg
import httpx
import pytest

from adapters.postgres.driver import Pool
from adapters.postgres.looking.job_listing import PostgresJobListing
from adapters.web import DashboardOptions
from infrastructure.dashboard import dashboard_pool, options_from, postgres_dashboard
from infrastructure.settings import DashboardSettings
from tests.web.browser import Browser
from tests.worlds.deadline import PATIENCE, within


async def test_reading_is_all_that_its_connections_can_do(database_dsn: str) -> None:
    """Whatever a page would ask of them."""
    async with dashboard_pool(database_dsn) as pool:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await pool.execute("delete from arrower.jobs")


async def test_a_statement_of_theirs_ends_in_time(database_dsn: str) -> None:
    """So that none slows the queues."""
    async with dashboard_pool(database_dsn) as pool:
        assert await pool.fetchval("show statement_timeout") == "10s"
        assert await pool.fetchval("show lock_timeout") == "2s"
        assert await pool.fetchval("show application_name") == "arrower dashboard"
        assert pool.get_max_size() == 4
    async with dashboard_pool(database_dsn, statement_timeout=timedelta(milliseconds=10)) as pool:
        with pytest.raises(asyncpg.QueryCanceledError, match="statement timeout"):
            await pool.execute("select pg_sleep(60)")


@pytest.mark.parametrize("actions", [False, True])
async def test_every_page_is_read_through_them(database_dsn: str, actions: bool) -> None:  # noqa: FBT001  # a case
    """Without a right to write."""
    async with postgres_dashboard(database_dsn, DashboardOptions(actions=actions)) as app, Browser(app) as browser:
        for page in ("/", "/queues", "/jobs", "/dead", "/workers", "/database"):
            assert (await browser.get(page)).status_code == 200, page
        if actions:
            answer = await browser.post("/queues/pause", {"token": await browser.token(), "queue": "emails"})
            assert answer.status_code == 303


async def test_few_jobs_behind_very_many_are_a_link_away(
    database_dsn: str, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of all states is searched piece by piece, one of a state is not."""
    monkeypatch.setattr("adapters.postgres.control_room.PostgresJobListing", partial(PostgresJobListing, most_read=10))
    insert = "insert into arrower.jobs (queue, type, payload) select $1, 'x', '{}' from generate_series(1, $2)"
    await pool.execute(insert, "small", 2)
    await pool.execute(insert, "large", 100)
    async with postgres_dashboard(database_dsn) as app, Browser(app) as browser:
        every = (await browser.get("/jobs?queue=small")).text
        ready = (await browser.get("/jobs?state=ready&queue=small")).text

    assert "Nothing so far" in every
    assert 'By its state one finds at once what is <a href="/jobs?state=ready&amp;queue=small">ready</a>.' in every
    assert ready.count('<tr id="job-') == 2


def test_options_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults are those of the dashboard: nobody can act, this machine can look."""
    monkeypatch.setenv("ARROWER_DSN", "postgresql://db.example/shop")
    assert options_from(DashboardSettings()).hosts == DashboardOptions().hosts  # type: ignore[call-arg]  # environment
    assert not options_from(DashboardSettings()).actions  # type: ignore[call-arg]  # as above

    monkeypatch.setenv("ARROWER_DASHBOARD_HOSTS", '["jobs.example.org"]')
    monkeypatch.setenv("ARROWER_DASHBOARD_ACTIONS", "true")
    monkeypatch.setenv("ARROWER_DASHBOARD_MASKED", '["iban"]')
    monkeypatch.setenv("ARROWER_DASHBOARD_SECRET", "told-to-each-process")

    options = options_from(DashboardSettings())  # type: ignore[call-arg]  # as above
    assert (options.hosts, options.actions, options.masked) == (("jobs.example.org",), True, ("iban",))
    assert options.secret == "told-to-each-process"
    assert "told-to-each-process" not in repr(options)


async def test_runs_as_a_process_until_it_is_asked_to_stop(database_dsn: str) -> None:
    """Also while somebody watches a page."""
    environment = {**os.environ, "ARROWER_DSN": database_dsn, "ARROWER_DASHBOARD_PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "infrastructure.dashboard", env=environment, stderr=PIPE
    )
    assert process.stderr is not None
    try:
        address = await within(_address(process.stderr))
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
            assert (await client.get("/")).status_code == 200
            async with client.stream("GET", "/", headers={"accept": "text/event-stream"}) as stream:
                assert "event: contents" in await within(anext(stream.aiter_text()))
                process.send_signal(signal.SIGTERM)
                assert await within(process.wait()) in {0, -signal.SIGTERM}
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _address(stderr: asyncio.StreamReader) -> str:
    while True:
        line = (await stderr.readline()).decode()
        assert line, "the process ended"
        if "running on" in line.lower():
            return next(word for word in line.split() if word.startswith("http"))
