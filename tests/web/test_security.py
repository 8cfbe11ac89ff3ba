"""Who may look, who may act, and what a browser is told."""

import re

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.web import Visitor
from domain.jobs import JobState
from tests.web.browser import Browser
from tests.web.conftest import OpenDashboard
from tests.web.scenery import Shop
from tests.web.test_pages import PAGES
from tests.worlds import MemoryWorld

ACTIONS = (
    "/queues/pause",
    "/queues/resume",
    "/enqueue",
    "/jobs/retry",
    "/jobs/cancel",
    "/jobs/delete",
    "/jobs/1/retry",
    "/jobs/1/cancel",
    "/jobs/1/delete",
    "/jobs/1/change",
)

SHARED = "told to each process"


async def by_badge(request: Request) -> Visitor | Response | None:
    """Know visitors by a header."""
    badge = request.headers.get("badge")
    if badge == "guest":
        return Visitor("guest", may_act=False)
    if badge == "lost":
        return RedirectResponse("/login")
    return Visitor(badge) if badge else None


class TestReadOnly:
    """Nobody can act unless that was switched on."""

    @pytest.mark.parametrize("path", ACTIONS)
    async def test_every_action_is_refused(self, open_dashboard: OpenDashboard, shop: Shop, path: str) -> None:
        """Though the form is one of ours."""
        async with Browser(open_dashboard()) as browser:
            answer = await browser.post(path, {"token": await browser.token()})

        assert answer.status_code == 403
        assert "Read-only" in answer.text

    @pytest.mark.parametrize("page", [*PAGES, "/jobs?state=dead"])
    async def test_none_is_offered(self, open_dashboard: OpenDashboard, shop: Shop, page: str) -> None:
        """Only the theme can be chosen."""
        async with Browser(open_dashboard()) as browser:
            html = (await browser.get(page)).text

        assert set(re.findall(r'method="post" action="([^"]*)"', html)) <= {"/theme"}
        assert "All that match" not in html

    async def test_a_visitor_can_be_one_who_only_looks(self, open_dashboard: OpenDashboard, shop: Shop) -> None:
        """Though others may act."""
        async with Browser(open_dashboard(actions=True, authenticate=by_badge)) as browser:
            html = (await browser.get("/queues", badge="guest")).text
            token = re.findall(r'name="token" value="(\w+)"', html)[0]
            answer = await browser.post("/queues/pause", {"token": token, "queue": "x"}, badge="guest")

        assert "Pause" not in html
        assert answer.status_code == 403


class TestForms:
    """A form counts only where it comes from a page of ours."""

    @pytest.fixture(autouse=True)
    async def nothing_happens(self, shop: Shop, world: MemoryWorld) -> None:
        """Remember how it was."""
        self.before = await world.counts()

    @pytest.mark.parametrize("path", [*ACTIONS, "/theme"])
    async def test_a_wrong_token_is_refused(self, browser: Browser, world: MemoryWorld, path: str) -> None:
        """As is none."""
        await browser.get("/")
        for fields in ({"token": "0" * 64}, {"token": "ä"}, {}):
            answer = await browser.post(path, {"state": "ready", "queue": "imports", **fields})

            assert answer.status_code == 403
            assert "The form was not accepted" in answer.text
        assert await world.counts() == self.before

    async def test_the_token_of_another_browser_is_refused(self, open_dashboard: OpenDashboard) -> None:
        """It is made for the cookie of one, by the same dashboard."""
        app = open_dashboard(actions=True)
        async with Browser(app) as browser, Browser(app) as other:
            await browser.get("/")
            fields = {"token": await other.token(), "queue": "x"}
            answers = [await one.post("/queues/pause", fields) for one in (browser, other)]

        assert [answer.status_code for answer in answers] == [403, 303]

    async def test_the_token_of_another_visitor_is_refused(self, open_dashboard: OpenDashboard) -> None:
        """Of the same browser."""
        async with Browser(open_dashboard(actions=True, authenticate=by_badge)) as browser:
            html = (await browser.get("/", badge="ada")).text
            fields = {"token": re.findall(r'name="token" value="(\w+)"', html)[0], "queue": "x"}
            others = await browser.post("/queues/pause", fields, badge="bob")
            own = await browser.post("/queues/pause", fields, badge="ada")

        assert (others.status_code, own.status_code) == (403, 303)

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://localhost:9999"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    async def test_a_form_from_elsewhere_is_refused(self, browser: Browser, headers: dict[str, str]) -> None:
        """Though it knew the token."""
        fields = {"token": await browser.token(), "queue": "x"}

        assert (await browser.post("/queues/pause", fields, **headers)).status_code == 403

    @pytest.mark.parametrize("path", [*ACTIONS, "/theme"])
    async def test_nothing_is_done_by_get(self, browser: Browser, world: MemoryWorld, path: str) -> None:
        """A link is not an action."""
        token = await browser.token()
        await browser.get(f"{path}?token={token}&queue=imports&state=ready")

        assert await world.counts() == self.before
        assert world.database.paused == {}

    async def test_processes_that_share_a_secret_accept_each_others_forms(
        self,
        open_dashboard: OpenDashboard,
        world: MemoryWorld,
    ) -> None:
        """Others do not."""
        async with (
            Browser(open_dashboard(actions=True, secret=SHARED)) as one,
            Browser(open_dashboard(actions=True, secret=SHARED)) as other,
        ):
            token = await one.token()
            other.cookies.update(one.cookies)
            answer = await other.post("/queues/pause", {"token": token, "queue": "x"})

        assert answer.status_code == 303
        assert "x" in world.database.paused

    async def test_a_notice_that_we_did_not_write_is_not_shown(self, browser: Browser) -> None:
        """Nobody else puts words on a page."""
        browser.cookies.set("arrower_notice", "WyJkZWFkIiwgIllvdXIgbW9uZXkgaXMgZ29uZSJd.00", "localhost.local", "/")

        assert "money" not in (await browser.get("/")).text


class TestVisitors:
    """The application knows who is there."""

    async def test_a_stranger_sees_nothing(self, open_dashboard: OpenDashboard, shop: Shop) -> None:
        """Neither page nor stream nor action."""
        async with Browser(open_dashboard(actions=True, authenticate=by_badge)) as browser:
            for path in (*PAGES, f"/jobs/{shop.declined}", "/static/x/dashboard.js"):
                answer = await browser.get(path)

                assert answer.status_code == 403
                assert "SendReceipt" not in answer.text
            assert (await browser.get("/", accept="text/event-stream")).status_code == 403
            assert (await browser.post("/queues/pause", {"queue": "x"})).status_code == 403

    async def test_can_be_sent_elsewhere(self, open_dashboard: OpenDashboard) -> None:
        """As to where one signs in."""
        async with Browser(open_dashboard(authenticate=by_badge)) as browser:
            answer = await browser.get("/", badge="lost")

        assert answer.headers["location"] == "/login"

    async def test_is_named_on_the_page(self, open_dashboard: OpenDashboard) -> None:
        """So that one sees as whom one acts."""
        async with Browser(open_dashboard(authenticate=by_badge)) as browser:
            assert "Signed in as ada" in (await browser.get("/", badge="ada")).text


class TestHosts:
    """Under which names it answers."""

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1"])
    async def test_without_visitors_it_answers_this_machine(self, open_dashboard: OpenDashboard, host: str) -> None:
        """By each of its names."""
        async with Browser(open_dashboard()) as browser:
            assert (await browser.get("/", host=host)).status_code == 200

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "["])
    async def test_not_under_a_name_that_somebody_points_here(self, open_dashboard: OpenDashboard, host: str) -> None:
        """Or pages elsewhere could read along."""
        async with Browser(open_dashboard()) as browser:
            answer = await browser.get("/", host=host)

        assert answer.status_code == 421
        assert "Overview" not in answer.text

    async def test_where_visitors_are_known_any_name_will_do(self, open_dashboard: OpenDashboard) -> None:
        """Their cookies are not sent to another name."""
        async with Browser(open_dashboard(authenticate=by_badge)) as browser:
            assert (await browser.get("/", host="jobs.shop.example", badge="ada")).status_code == 200

    async def test_names_can_be_given(self, open_dashboard: OpenDashboard) -> None:
        """And then no others count."""
        async with Browser(open_dashboard(allowed_hosts=["jobs.shop.example"])) as browser:
            assert (await browser.get("/", host="jobs.shop.example:8080")).status_code == 200
            assert (await browser.get("/", host="localhost")).status_code == 421


class TestHeaders:
    """What a browser is told."""

    @pytest.mark.parametrize("page", [*PAGES, "/nowhere", "/jobs?state=asleep", "/static/x/dashboard.js"])
    async def test_every_answer_has_them(self, browser: Browser, page: str) -> None:
        """Errors and files, too."""
        headers = (await browser.get(page)).headers

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"

    @pytest.mark.parametrize("page", PAGES)
    async def test_no_page_has_what_that_policy_forbids(self, browser: Browser, shop: Shop, page: str) -> None:
        """Nothing inline, nothing from elsewhere."""
        html = (await browser.get(page)).text

        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", html)
        assert not re.search(r'(?:href|src|action)="(?:https?:)?//', html)

    async def test_cookies_are_closed_to_scripts_and_other_sites(self, browser: Browser) -> None:
        """And to plain text, where there is something better."""
        plain = (await browser.get("/")).headers["set-cookie"].lower()

        assert "httponly" in plain
        assert "samesite=strict" in plain
        assert "secure" not in plain

    async def test_behind_https_cookies_stay_there(self, open_dashboard: OpenDashboard) -> None:
        """They are not sent over plain text."""
        async with Browser(open_dashboard(), "https://localhost") as browser:
            assert "secure" in (await browser.get("/")).headers["set-cookie"].lower()

    async def test_a_form_that_is_too_large_is_refused(self, browser: Browser) -> None:
        """Before it fills the memory."""
        answer = await browser.post("/enqueue", {"token": await browser.token(), "payload": "x" * 3_000_000})

        assert answer.status_code == 413


async def test_a_job_that_is_acted_on_is_ready(browser: Browser, shop: Shop, world: MemoryWorld) -> None:
    """The counterpart of all refusals: with the right token it is done."""
    answer = await browser.post(f"/jobs/{shop.declined}/retry", {"token": await browser.token()})

    assert answer.status_code == 303
    assert await world.state_of(shop.declined) is JobState.READY
