"""What one sees."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import pytest

from tests.web.browser import Browser, text_of
from tests.web.conftest import OpenDashboard
from tests.web.goods import ReserveStock
from tests.web.scenery import Shop
from tests.worlds import MemoryWorld, PostgresWorld, World
from tests.worlds.fixtures import WorldOpener

PAGES = ("/", "/queues", "/jobs", "/dead", "/workers", "/database", "/enqueue")


@pytest.fixture
async def world(open_world: WorldOpener) -> AsyncIterator[World]:
    """Yield a world on each of the adapters."""
    async with open_world() as world:
        yield world


@pytest.mark.parametrize("page", PAGES)
class TestEveryPage:
    """Is there, with and without anything to show."""

    async def test_shows_a_shop_that_works(self, page: str, browser: Browser, shop: Shop) -> None:
        """Without a word of an error."""
        answer = await browser.get(page)

        assert answer.status_code == 200
        assert "went wrong" not in answer.text

    async def test_shows_an_empty_one(self, page: str, browser: Browser) -> None:
        """There is a first day for everybody."""
        assert (await browser.get(page)).status_code == 200

    async def test_tells_that_it_is_not_to_be_kept(self, page: str, browser: Browser) -> None:
        """Neither by the browser nor on the way."""
        assert (await browser.get(page)).headers["cache-control"] == "no-store"


class TestOverview:
    """All queues at a glance."""

    async def test_counts_the_jobs_in_each_state(self, browser: Browser, shop: Shop, world: World) -> None:
        """Each number is a link to the jobs behind it."""
        counts = await world.counts()
        html = (await browser.get("/")).text

        for state, number in counts.items():
            assert re.search(rf'href="/jobs\?state={state}".*?<b>{number:,}</b>', html, re.DOTALL), state

    async def test_tells_what_keeps_jobs_waiting(self, browser: Browser, shop: Shop) -> None:
        """A queue that nobody works, and one that is paused."""
        await browser.submit("/queues", "/queues/pause", queue="imports")
        text = text_of((await browser.get("/")).text)

        assert "legacy has no living worker; 3 jobs wait" in text
        assert "imports is paused; 12 jobs wait" in text

    async def test_draws_what_ended(self, browser: Browser, shop: Shop) -> None:
        """And says it in numbers, for who cannot see it."""
        html = (await browser.get("/?window=1h")).text

        assert html.count('class="bar"') >= 2
        assert "Completed jobs over time" in html
        assert "per 1 min, the last 1 hour" in text_of(html)


class TestJobs:
    """Lists."""

    async def test_filters_are_kept_in_the_address(self, browser: Browser, shop: Shop) -> None:
        """And in the links and the form of the page."""
        html = (await browser.get("/jobs?queue=emails&state=ready&type=shop.letters.SendReceipt&text=customer")).text

        assert 'value="customer"' in html
        assert 'value="emails" selected' in html
        assert "state=dead&amp;queue=emails&amp;type=shop.letters.SendReceipt&amp;text=customer" in html

    async def test_the_default_queue_can_be_named(self, browser: Browser, shop: Shop) -> None:
        """Though it has no name."""
        html = (await browser.get("/jobs?queue=~&state=ready")).text

        assert 'shop.stock.</span><span class="last">ReserveStock' in html
        assert "SendReceipt" not in re.sub(r"<datalist.*?</datalist>", "", html, flags=re.DOTALL)

    async def test_pages_lead_from_the_newest_to_the_oldest(self, browser: Browser, shop: Shop) -> None:
        """Every job is on one of them, once."""
        seen: list[int] = []
        address: str | None = "/jobs"
        while address:
            html = (await browser.get(address)).text
            seen += [int(number) for number in re.findall(r'<tr id="job-(\d+)"', html)]
            following = re.search(r'rel="next" href="([^"]*)"', html)
            address = following[1].replace("&amp;", "&") if following else None

        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) > 100

    @pytest.mark.parametrize(
        ("query", "backwards", "titles"),
        [
            ("state=scheduled", False, ["Next first", "Last first"]),
            ("state=scheduled&oldest=0", True, ["Last first", "Next first"]),
            ("", True, ["Newest first", "Oldest first"]),
            ("oldest=1", False, ["Oldest first", "Newest first"]),
        ],
    )
    async def test_a_list_is_shown_from_either_end(
        self, browser: Browser, shop: Shop, query: str, titles: list[str], *, backwards: bool
    ) -> None:
        """Of jobs that wait the next comes first, of others the newest."""
        html = (await browser.get(f"/jobs?{query}&queue=reports")).text
        ids = [int(number) for number in re.findall(r'<tr id="job-(\d+)"', html)]

        assert len(ids) > 1
        assert ids == sorted(ids, reverse=backwards)
        assert f'aria-current="true">{titles[0]}</a>' in html
        assert f'">{titles[1]}</a>' in html

    async def test_what_cannot_be_meant_is_refused(self, browser: Browser) -> None:
        """With words, not with a traceback."""
        for address in ("/jobs?state=asleep", "/jobs?after=nowhere", "/jobs?error=x", "/jobs?worker=x&state=running"):
            answer = await browser.get(address)

            assert answer.status_code == 400, address
            assert "This cannot be meant" in answer.text


class TestJob:
    """One job with its history."""

    async def test_shows_everything_of_it(self, browser: Browser, shop: Shop) -> None:
        """Attempts with their errors, the payload, the way it went."""
        text = text_of((await browser.get(f"/jobs/{shop.declined}")).text)

        assert "CardDeclined: the issuer declined the card, code 51" in text
        assert "Attempt 5 failed" in text
        assert "Attempt 1 failed" in text
        assert '"order" : "A-2077"' in text
        assert "in 5 attempts" in text

    async def test_says_why_it_is_not_running(self, browser: Browser, shop: Shop) -> None:
        """A queue without workers is a reason."""
        html = (await browser.get("/jobs?queue=legacy")).text
        job = re.findall(r'<tr id="job-(\d+)"', html)[0]

        text = text_of((await browser.get(f"/jobs/{job}")).text)

        assert "Why it is not running. No worker of the queue legacy is alive." in text

    @pytest.mark.parametrize("job", ["1001001", "9" * 30, "9" * 5_000, "-1", "x", "0x10", "%00"])
    async def test_an_unknown_one_is_not_found(self, browser: Browser, job: str) -> None:
        """Whatever stands in the address."""
        assert (await browser.get(f"/jobs/{job}")).status_code == 404


async def test_times_count_from_the_clock_of_the_store(browser: Browser, shop: Shop, world: World) -> None:
    """That of the server of the dashboard may be years off, as it is here."""
    world.clock.advance(timedelta(minutes=7))

    for page in ("/workers", "/dead", "/jobs?state=completed", "/jobs?state=ready", "/", f"/jobs/{shop.declined}"):
        text = text_of((await browser.get(page)).text)
        assert "7 min ago" in text, page
        assert " d ago" not in text, page
    chart = text_of((await browser.get("/?window=15m")).text)
    assert f"{world.clock.now():%H:%M}" in chart


class TestManyQueues:
    """More than one takes in at a glance."""

    async def test_the_overview_stays_one(self, browser: Browser, world: World) -> None:
        """It shows the busiest, and says how many there are."""
        for number in range(20):
            await world.queue(f"q{number:02}").enqueue([ReserveStock("WOBBLY-TABLE", 1)] * (number + 1))
        html = (await browser.get("/")).text
        text = text_of(html)

        assert "The busiest of 20" in text
        assert "The same holds for 14 more queues" in text
        assert html.count('<tr id="queue-') == 12
        assert "q19" in html

    async def test_one_is_chosen_from_a_list(self, browser: Browser, world: World) -> None:
        """By a form that needs no scripts."""
        for number in range(20):
            await world.queue(f"q{number:02}").enqueue(ReserveStock("WOBBLY-TABLE", 1))

        assert '<option value="q07" selected>' in (await browser.get("/dead?queue=q07")).text
        assert (await browser.get("/queues")).text.count('<tr id="queue-') == 20


class TestManyWorkers:
    """More than one page can carry, each time it is brought up to date."""

    async def test_they_are_shown_in_portions(self, browser: Browser, world: World) -> None:
        """Each of them on one, and none is heavy."""
        types = {f"shop.reports.monthly.RenderReport{number}": 25 for number in range(10)}
        for number in range(120):
            await world.worker(types, f"q{number % 9}", f"web-{number}", timedelta(days=1))
        seen: list[str] = []
        html, address = "", "/workers"
        while address:
            html = (await browser.get(address)).text
            seen += re.findall(r'<tr id="worker-(\d+)"', html)
            assert len(html) < 150_000
            following = re.search(r'rel="next" href="([^"]*)"', html)
            address = unescape(following[1]) if following else ""

        assert len(seen) == len(set(seen)) == 120
        assert "101 to 120 of 120" in text_of(html)
        assert (await browser.get("/workers?page=99")).text.count('<tr id="worker-') == 20
        assert (await browser.get("/workers?page=x")).status_code == 400
        assert "Pages of the list" not in (await browser.get("/workers?queue=q1")).text


async def make_unreadable(world: World) -> None:
    """Take the workers away, of whom most pages tell."""
    if isinstance(world, PostgresWorld):
        await world.pool.execute("alter table arrower.workers rename to gone")
    else:
        assert isinstance(world, MemoryWorld)
        del world.database.workers


async def test_every_link_leads_somewhere(browser: Browser, shop: Shop) -> None:
    """From page to page to page, whatever is chosen on the way."""
    waiting, seen = (
        ["/", f"/jobs/{shop.declined}", "/jobs?state=dead&error=x", "/jobs?state=running&worker=1"],
        set[str](),
    )
    while waiting and len(seen) < 150:
        address = waiting.pop(0).partition("#")[0]
        if address in seen or "/static/" in address:
            continue
        seen.add(address)
        answer = await browser.get(address)
        assert answer.status_code == 200, address
        waiting += [link for link in re.findall(r'<a [^>]*?href="([^"]*)"', answer.text) if not link.startswith("#")]
        waiting = [unescape(link) for link in waiting]


class TestOthers:
    """Dead jobs, workers."""

    async def test_dead_jobs_of_a_kind_are_one(self, browser: Browser, shop: Shop) -> None:
        """Their number leads to them."""
        html = (await browser.get("/dead")).text

        assert "CardDeclined: the issuer declined the card, code …" in html
        assert "/jobs?state=dead&amp;type=shop.payment.CollectPayment&amp;error=CardDeclined" in html

    async def test_workers_are_those_of_a_queue(self, browser: Browser, shop: Shop) -> None:
        """Or of all."""
        everybody, mailers = (await browser.get("/workers")).text, (await browser.get("/workers?queue=emails")).text

        assert "web-1" in everybody
        assert "mailer-1" in everybody
        assert "web-1" not in mailers
        assert "mailer-1" in mailers

    async def test_a_page_that_is_not_there(self, browser: Browser) -> None:
        """Says so, in the same dress."""
        answer = await browser.get("/nowhere")

        assert answer.status_code == 404
        assert "There is no such page" in answer.text

    async def test_storage_that_fails(self, open_dashboard: OpenDashboard, world: World) -> None:
        """Is told, without details that are nobody's business."""
        app = open_dashboard()
        await make_unreadable(world)
        async with Browser(app) as browser:
            answer = await browser.get("/queues")

        assert answer.status_code == 500
        assert "Something went wrong" in answer.text
        assert "workers" not in answer.text.partition("<main")[2]
