"""What one can do."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.jobs import JobId, JobNotFound, JobState
from tests.web.browser import Browser, forms_of, text_of
from tests.web.conftest import OpenDashboard
from tests.web.goods import RenderReport, ReserveStock
from tests.web.scenery import Shop
from tests.worlds import World
from tests.worlds.deadline import eventually, within
from tests.worlds.fixtures import WorldOpener


@pytest.fixture
async def world(open_world: WorldOpener) -> AsyncIterator[World]:
    """Yield a world on each of the adapters."""
    async with open_world() as world:
        yield world


async def one_of(browser: Browser, query: str) -> JobId:
    """Return a job of a list."""
    return JobId(re.findall(r'<tr id="job-(\d+)"', (await browser.get(f"/jobs?{query}")).text)[0])


async def one_that_runs(world: World) -> JobId:
    """Return a job whose job func has begun, and would go on for good."""
    began = asyncio.Event()

    async def render_report(_job: RenderReport) -> None:
        began.set()
        await asyncio.Event().wait()

    queue = world.queue("reports")
    await world.run(queue, render_report)
    job = await queue.enqueue(RenderReport("2026-12", ["east"]))
    await within(began.wait())
    return job


async def shows_as_cancelled(browser: Browser, job: JobId) -> bool:
    """Tell whether its page says so, which may be as old as the last look at it."""
    return 'class="pill cancelled"' in (await browser.get(f"/jobs/{job}")).text


async def paused(world: World) -> list[str]:
    """Return the names of the queues that nobody takes jobs from."""
    return [queue.name for queue in await world.room.queues() if queue.paused_at is not None]


class TestOnOneJob:
    """Retry, cancel, delete, change."""

    async def test_a_dead_one_is_retried(self, browser: Browser, shop: Shop, world: World) -> None:
        """The page that follows says so, once."""
        page = f"/jobs/{shop.declined}"
        answer = await browser.submit(page, "/retry")

        assert f"Job {shop.declined} is ready to run." in answer.text
        assert 'class="pill ready"' in answer.text
        assert "is ready to run" not in (await browser.get(page)).text
        assert await world.state_of(shop.declined) is JobState.READY

    @pytest.mark.parametrize("state", ["scheduled", "ready"])
    async def test_a_waiting_one_is_cancelled(
        self,
        browser: Browser,
        shop: Shop,
        world: World,
        state: str,
    ) -> None:
        """It will not run."""
        job = await one_of(browser, f"state={state}")

        answer = await browser.submit(f"/jobs/{job}", "/cancel")

        assert "is cancelled." in answer.text
        assert await world.state_of(job) is JobState.CANCELLED

    async def test_a_running_one_is_told_to_stop(self, browser: Browser, world: World) -> None:
        """It ends cancelled, and its page says so."""
        job = await one_that_runs(world)

        asked = await browser.submit(f"/jobs/{job}", "/cancel")
        await world.reaches(job, JobState.CANCELLED)

        assert f"The worker of job {job} is told to stop it." in asked.text
        await eventually(lambda: shows_as_cancelled(browser, job))

    async def test_a_finished_one_is_deleted(self, browser: Browser, shop: Shop, world: World) -> None:
        """There is no page of it any more, so one is led to the list."""
        answer = await browser.submit(f"/jobs/{shop.declined}", "/delete")

        assert f"Job {shop.declined} is deleted." in answer.text
        assert answer.url.path == "/jobs"
        with pytest.raises(JobNotFound):
            await world.job(shop.declined)

    async def test_a_waiting_one_is_moved(self, browser: Browser, shop: Shop, world: World) -> None:
        """In its line, and in time."""
        job = await one_of(browser, "state=scheduled&queue=reports")

        await browser.submit(f"/jobs/{job}", "/change", priority="-7", run_at="2031-05-06T07:08:09")

        changed = await world.job(job)
        assert changed.priority == -7
        assert changed.run_at.isoformat() == "2031-05-06T07:08:09+00:00"

    async def test_its_time_stays_exact_where_only_the_priority_changes(
        self,
        browser: Browser,
        shop: Shop,
        world: World,
    ) -> None:
        """Though the form shows seconds."""
        before = world.clock.now() + timedelta(hours=1, microseconds=123_456)
        job = await world.queue("reports").enqueue(RenderReport("2026-12", ["east"]), run_at=before)

        await browser.submit(f"/jobs/{job}", "/change", priority="3")

        assert (await world.job(job)).run_at == before

    async def test_what_moved_on_meanwhile_is_left_alone(
        self,
        browser: Browser,
        shop: Shop,
        world: World,
    ) -> None:
        """And one is told."""
        token = await browser.token()
        await world.operations.retry(shop.declined)

        answer = await browser.post(f"/jobs/{shop.declined}/retry", {"token": token})

        assert answer.status_code == 409
        assert "is ready; only dead" in answer.text

    async def test_only_what_its_state_allows_is_offered(self, browser: Browser, shop: Shop) -> None:
        """A completed job is not retried."""
        html = (await browser.get(f"/jobs/{await one_of(browser, 'state=completed')}")).text

        assert "/delete" in html
        assert "/retry" not in html
        assert "/cancel" not in html


class TestOnManyJobs:
    """All that match."""

    async def test_says_first_how_many_they_are(self, browser: Browser, shop: Shop, world: World) -> None:
        """And has not touched them."""
        before = await world.counts("imports")

        text = text_of((await browser.get("/jobs/cancel?state=ready&queue=imports")).text)

        assert "Cancel 12 jobs?" in text
        assert "State ready Queue imports" in text
        assert await world.counts("imports") == before

    async def test_then_touches_these_and_no_others(self, browser: Browser, shop: Shop, world: World) -> None:
        """One lands on the list that was meant."""
        ready = (await world.counts())[JobState.READY]

        answer = await browser.submit("/jobs/cancel?state=ready&queue=imports", "/jobs/cancel")

        assert "12 jobs are cancelled." in answer.text
        assert await world.counts("imports") == {JobState.CANCELLED: 12}
        assert (await world.counts())[JobState.READY] == ready - 12

    async def test_running_ones_are_told_to_stop(self, browser: Browser, world: World) -> None:
        """It says how many they are, and that they may complete all the same."""
        job = await one_that_runs(world)
        offered = (await browser.get("/jobs?state=running")).text
        question = text_of((await browser.get("/jobs/cancel?state=running")).text)
        untouched = await world.state_of(job)

        answer = await browser.submit("/jobs/cancel?state=running", "/jobs/cancel")
        await world.reaches(job, JobState.CANCELLED)

        assert "/jobs/cancel?state=running" in offered
        assert "Cancel 1 job?" in question
        assert "What completes first stays completed" in question
        assert untouched is JobState.RUNNING
        assert "1 job is told to stop." in answer.text

    async def test_dead_jobs_of_a_kind_are_retried(self, browser: Browser, shop: Shop, world: World) -> None:
        """From the page that groups them."""
        html = (await browser.get("/dead")).text
        retry = next(link for link in re.findall(r'href="(/jobs/retry[^"]*)"', html) if "CollectPayment" in link)

        answer = await browser.submit(retry.replace("&amp;", "&"), "/jobs/retry")

        assert "1 job is ready to run." in answer.text
        assert await world.state_of(shop.declined) is JobState.READY

    async def test_finished_jobs_are_deleted(self, browser: Browser, shop: Shop, world: World) -> None:
        """For good."""
        await browser.submit("/jobs/delete?state=completed", "/jobs/delete")

        assert JobState.COMPLETED not in await world.counts()

    async def test_only_the_old_ones_are_deleted(self, browser: Browser, shop: Shop, world: World) -> None:
        """Those that ended before an instant."""
        before = (await world.counts())[JobState.COMPLETED]
        begin = world.clock.now() - timedelta(seconds=30)
        address = f"/jobs/delete?state=completed&before={begin:%Y-%m-%dT%H:%M:%S}"
        said = re.search(r"Delete (\d+) jobs\?", text_of((await browser.get(address)).text))

        await browser.submit(address, "/jobs/delete")

        assert said is not None
        assert 0 < int(said[1]) < before
        assert (await world.counts())[JobState.COMPLETED] == before - int(said[1])

    async def test_very_many_are_acted_on_piece_by_piece(self, open_dashboard: OpenDashboard, world: World) -> None:
        """Each answer tells how far it has come, and how many are left."""
        await world.queue("~bulk&").enqueue([ReserveStock("WOBBLY-TABLE", 1)] * 1_100)
        await world.queue("other").enqueue(ReserveStock("WOBBLY-TABLE", 1))
        seen: list[str] = []
        async with Browser(open_dashboard(actions=True, longest_act=timedelta(0))) as browser:
            address = "/jobs/cancel?state=ready&queue=~~bulk%26"
            answer = await browser.submit(address, "/jobs/cancel")
            while "so far" in answer.text:
                seen.append(text_of(answer.text))
                (form,) = (form for form in forms_of(answer.text) if form.action == "/jobs/cancel")
                answer = await browser.post(form.action, form.fields)
            answer = await browser.get(answer.headers["location"])

        assert ["500 jobs are cancelled so far" in text for text in seen] == [True, False]
        assert "1,000 jobs are cancelled so far" in seen[1]
        assert "100 jobs match still" in seen[1]
        assert "1,100 jobs are cancelled." in answer.text
        assert await world.counts() == {JobState.CANCELLED: 1_100, JobState.READY: 1}

    @pytest.mark.parametrize("field", ["rest", "done"])
    async def test_what_no_page_of_ours_says_is_refused(self, browser: Browser, shop: Shop, field: str) -> None:
        """Nothing is done."""
        fields = {"token": await browser.token(), "state": "ready", field: "x"}

        assert (await browser.post("/jobs/cancel", fields)).status_code == 400

    async def test_a_state_has_to_be_said(self, browser: Browser, shop: Shop) -> None:
        """All jobs there are is nothing one means."""
        assert (await browser.get("/jobs/delete")).status_code == 400
        assert (await browser.get("/jobs/delete?state=running")).status_code == 400


class TestOnQueues:
    """Pause, resume, enqueue."""

    async def test_a_queue_is_paused_and_resumed(self, browser: Browser, shop: Shop, world: World) -> None:
        """The default one, too."""
        token = await browser.token()
        await browser.post("/queues/pause", {"token": token, "queue": "~"})
        html = (await browser.get("/queues")).text

        assert await paused(world) == [""]
        assert "paused" in html

        await browser.post("/queues/resume", {"token": token, "queue": "~"})

        assert await paused(world) == []

    async def test_a_job_is_enqueued_from_json(self, browser: Browser, world: World) -> None:
        """One lands on its page."""
        answer = await browser.submit(
            "/enqueue",
            "/enqueue",
            type="shop.stock.ReserveStock",
            queue="bulk",
            payload='{"article": "CRUNCHY-ARMCHAIR", "pieces": 3}',
            priority="-4",
            run_at="2031-05-06T07:08:09",
        )

        job = await world.job(JobId(int(answer.url.path.rpartition("/")[2])))
        assert (job.queue, job.priority, job.run_at.year) == ("bulk", -4, 2031)
        assert '"pieces":3' in job.payload.replace(" ", "")

    @pytest.mark.parametrize(
        ("field", "value", "problem"),
        [
            ("payload", '{"article": "X"}', "pieces"),
            ("payload", "{", "does not fit"),
            ("type", "shop.stock.Unheard", "Unheard"),
            ("priority", "40000", "-32768"),
            ("priority", "x", "not a number"),
            ("run_at", "tomorrow", "not a time"),
            ("queue", "q" * 101, "100"),
        ],
    )
    async def test_what_does_not_fit_is_shown_again(
        self,
        browser: Browser,
        world: World,
        field: str,
        value: str,
        problem: str,
    ) -> None:
        """With what is wrong, and all that was typed."""
        fields = {"type": "shop.stock.ReserveStock", "payload": '{"article": "X", "pieces": 1}', field: value}

        answer = await browser.submit("/enqueue", "/enqueue", **fields)

        assert answer.status_code == 422
        assert problem in text_of(answer.text)
        assert f'value="{value}"' in answer.text or field == "payload"
        assert await world.counts() == {}


class TestTheme:
    """Light, dark, or as the system has it."""

    async def test_is_remembered_and_leads_back(self, browser: Browser, shop: Shop) -> None:
        """Without scripts."""
        answer = await browser.submit("/jobs?state=dead", "/theme", theme="dark")

        assert str(answer.url).endswith("/jobs?state=dead")
        assert 'data-theme="dark"' in answer.text
        assert 'data-theme="dark"' in (await browser.get("/")).text

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "x"]
    )
    async def test_does_not_lead_elsewhere(self, browser: Browser, back: str) -> None:
        """Whatever a form says."""
        answer = await browser.post("/theme", {"token": await browser.token(), "back": back, "theme": "light"})

        assert answer.headers["location"] == "/"
