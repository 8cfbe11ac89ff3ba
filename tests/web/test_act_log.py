"""Who did what, in the log."""

import logging
from datetime import timedelta

import pytest
from starlette.requests import Request

from adapters.web import Visitor
from domain.jobs import JobState
from tests.web.browser import Browser, forms_of
from tests.web.conftest import OpenDashboard
from tests.worlds import World
from tests.worlds.jobs import ReserveStock


async def ada(_request: Request) -> Visitor:
    """Let everybody in, as the same person."""
    return Visitor("ada\nFORGED", may_act=True)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what is logged."""
    caplog.set_level(logging.INFO, "arrower.dashboard")
    return caplog


async def test_each_act_names_who_did_it(
    open_dashboard: OpenDashboard, world: World, log: pytest.LogCaptureFixture
) -> None:
    """On one line each, whatever they are called; what is only looked at is no act."""
    job = await world.queue("office").enqueue(ReserveStock("WOBBLY-TABLE", 1))
    async with Browser(open_dashboard(actions=True, authenticate=ada)) as browser:
        for path in ("/", "/jobs", f"/jobs/{job}", "/jobs/delete?state=ready"):
            await browser.get(path)
        token = await browser.token()
        await browser.post("/theme", {"token": token, "theme": "dark"})
        for path, fields in (
            (f"/jobs/{job}/change", {"priority": "-3"}),
            (f"/jobs/{job}/cancel", {}),
            (f"/jobs/{job}/retry", {}),
            ("/queues/pause", {"queue": "office"}),
            ("/queues/resume", {"queue": "office"}),
            ("/jobs/delete", {"state": "ready", "queue": "office"}),
        ):
            assert (await browser.post(path, {"token": token, **fields})).status_code == 303, path

    assert [record.getMessage() for record in log.records if record.name == "arrower.dashboard"] == [
        f"/jobs/{job}/change by 'ada\\nFORGED': Job {job} is changed.",
        f"/jobs/{job}/cancel by 'ada\\nFORGED': Job {job} is cancelled.",
        f"/jobs/{job}/retry by 'ada\\nFORGED': Job {job} is ready to run.",
        "/queues/pause by 'ada\\nFORGED': office is paused: no job is taken until it is resumed.",
        "/queues/resume by 'ada\\nFORGED': office goes on.",
        "/jobs/delete by 'ada\\nFORGED': 1 job is deleted, of State 'ready', Queue 'office'",
    ]


async def test_so_does_each_part_of_an_act_on_very_many(
    open_dashboard: OpenDashboard, world: World, log: pytest.LogCaptureFixture
) -> None:
    """Also where nobody asks for the next one."""
    await world.queue().enqueue([ReserveStock("WOBBLY-TABLE", 1)] * 600)
    dashboard = open_dashboard(actions=True, authenticate=ada, longest_act=timedelta(0))
    async with Browser(dashboard) as browser:
        first = await browser.submit("/jobs/cancel?state=ready", "/jobs/cancel")
        said_at_first = [record.getMessage() for record in log.records]
        left = await world.counts()
        (form,) = (form for form in forms_of(first.text) if form.action == "/jobs/cancel")
        await browser.post(form.action, form.fields)

    said = "/jobs/cancel by 'ada\\nFORGED': {} jobs are cancelled, of State 'ready'"
    assert said.format(500) in said_at_first
    assert left == {JobState.READY: 100, JobState.CANCELLED: 500}
    assert said.format(100) in [record.getMessage() for record in log.records]


async def test_what_was_refused_is_no_act(
    open_dashboard: OpenDashboard, world: World, log: pytest.LogCaptureFixture
) -> None:
    """A wrong token does nothing."""
    async with Browser(open_dashboard(actions=True, authenticate=ada)) as browser:
        answer = await browser.post("/queues/pause", {"token": "wrong", "queue": "office"})

    assert answer.status_code == 403
    assert [record for record in log.records if record.name == "arrower.dashboard"] == []
