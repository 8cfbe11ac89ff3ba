"""Every action, pressed where it is offered, with what it does to the jobs."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest_asyncio
from playwright.async_api import Page, expect

from domain.jobs import JobId, JobNotFound, JobState
from tests.web.goods import RenderReport, ReserveStock
from tests.web.in_browser.conftest import OpenPage, Serve
from tests.web.scenery import Shop
from tests.web.test_actions import paused
from tests.worlds import World, open_postgres_world
from tests.worlds.deadline import within


@pytest_asyncio.fixture(loop_scope="session")
async def world(database_dsn: str) -> AsyncIterator[World]:
    """Yield a world in PostgreSQL."""
    async with open_postgres_world(database_dsn) as world:
        yield world


async def is_told(page: Page, text: str) -> None:
    """Read what was done."""
    await expect(page.get_by_role("status")).to_contain_text(text)


async def first_of(page: Page, query: str) -> JobId:
    """Open the first job of a list."""
    address = page.url.partition("/jobs")[0]
    await page.goto(f"{address}/jobs?{query}")
    await page.locator("tbody tr a").first.click()
    await page.wait_for_url(re.compile(r"/jobs/\d+$"))
    return JobId(int(page.url.rpartition("/")[2]))


async def test_on_one_job(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Retry, change, cancel, delete."""
    page = await open_page(f"/jobs/{shop.declined}")
    await page.get_by_role("button", name="Retry").click()
    await is_told(page, f"Job {shop.declined} is ready to run.")
    assert await world.state_of(shop.declined) is JobState.READY

    job = await first_of(page, "state=scheduled&queue=reports")
    await page.get_by_text("Change when it runs").click()
    await page.get_by_label("Priority, lower runs first").fill("-12")
    await page.get_by_role("button", name="Change", exact=True).click()
    await is_told(page, "is changed.")
    assert (await world.job(job)).priority == -12

    await page.get_by_role("button", name="Run now").click()
    await is_told(page, "is ready to run.")
    assert await world.state_of(job) is JobState.READY

    await page.get_by_text("Cancel…").click()
    await page.get_by_role("button", name="Cancel the job").click()
    await is_told(page, "is cancelled.")
    assert await world.state_of(job) is JobState.CANCELLED

    await page.get_by_text("Delete…").click()
    await page.get_by_role("button", name="Delete the job").click()
    await is_told(page, f"Job {job} is deleted.")
    try:
        await world.job(job)
    except JobNotFound:
        return
    raise AssertionError


async def test_on_many_jobs(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Each says first how many it will touch."""
    page = await open_page("/dead")
    row = page.locator("tr", has_text="CollectPayment")
    await row.get_by_role("link", name="Retry all…").click()
    await expect(page.locator("h1")).to_have_text("Retry 1 job?")
    assert await world.state_of(shop.declined) is JobState.DEAD
    await page.get_by_role("button", name="Retry 1 job").click()
    await is_told(page, "1 job is ready to run.")
    assert await world.state_of(shop.declined) is JobState.READY

    await page.goto(page.url.partition("/jobs")[0] + "/jobs?state=ready&queue=imports")
    await page.get_by_role("link", name="Cancel…").click()
    await expect(page.locator("h1")).to_have_text("Cancel 12 jobs?")
    await page.get_by_role("button", name="Cancel 12 jobs").click()
    await is_told(page, "12 jobs are cancelled.")
    assert await world.counts("imports") == {JobState.CANCELLED: 12}

    await page.goto(page.url.partition("/jobs")[0] + "/jobs?state=cancelled&queue=imports")
    await page.get_by_role("link", name="Delete…").click()
    await page.get_by_role("button", name="Delete 12 jobs").click()
    await is_told(page, "12 jobs are deleted.")
    assert await world.counts("imports") == {}


async def test_on_very_many_jobs(open_page: OpenPage, serve: Serve, world: World) -> None:
    """It goes on by itself from part to part, tells the sum in the end, and without scripts is told to."""
    address = await serve(longest_act=timedelta(0))
    await world.queue("bulk").enqueue([ReserveStock("WOBBLY-TABLE", 1)] * 1_100)
    page = await open_page("/jobs/cancel?state=ready", at=address)
    await page.get_by_role("button", name="Cancel 1,100 jobs").click()
    await is_told(page, "1,100 jobs are cancelled.")
    assert await world.counts() == {JobState.CANCELLED: 1_100}

    page = await open_page("/jobs/retry?state=cancelled", at=address, java_script_enabled=False)
    await page.get_by_role("button", name="Retry 1,100 jobs").click()
    await expect(page.locator("h1")).to_have_text("500 jobs are ready to run so far")
    await expect(page.locator("main")).to_contain_text("600 jobs match still")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("h1")).to_have_text("1,000 jobs are ready to run so far")
    await page.get_by_role("link", name="Stop here").click()
    assert await world.counts() == {JobState.CANCELLED: 100, JobState.READY: 1_000}


async def test_on_jobs_that_run(open_page: OpenPage, world: World) -> None:
    """One, and all that match: they are told, and what they have written is rolled back."""
    alone, *others = await some_that_run(world, 3)
    page = await open_page(f"/jobs/{alone}")
    await expect(page.locator(".pill")).to_have_text("running")
    await page.get_by_text("Cancel…").click()
    await expect(page.get_by_text("Its worker stops it and rolls back.")).to_be_visible()
    await page.get_by_role("button", name="Cancel the job").click()
    await is_told(page, f"The worker of job {alone} is told to stop it.")
    await expect(page.locator(".pill")).to_have_text("cancelled")
    assert await world.counts() == {JobState.CANCELLED: 1, JobState.RUNNING: 2}

    await page.goto(page.url.partition("/jobs")[0] + "/jobs?state=running&queue=reports")
    await page.get_by_role("link", name="Cancel…").click()
    await expect(page.locator("h1")).to_have_text("Cancel 2 jobs?")
    await expect(page.locator("main")).to_contain_text("What completes first stays completed")
    await page.get_by_role("button", name="Cancel 2 jobs").click()
    await is_told(page, "2 jobs are told to stop.")
    for job in others:
        await world.reaches(job, JobState.CANCELLED)
    assert await world.effects() == []


async def some_that_run(world: World, number: int) -> Sequence[JobId]:
    """Return jobs whose job funcs have written, and would go on for good."""
    began = asyncio.Semaphore(0)

    async def render_report(job: RenderReport) -> None:
        await world.write(job.month)
        began.release()
        await asyncio.Event().wait()

    queue = world.queue("reports")
    await world.run(queue, render_report)
    jobs = await queue.enqueue([RenderReport(f"2026-{month}", ["east"]) for month in range(number)])
    for _ in jobs:
        await within(began.acquire())
    return jobs


async def test_on_queues(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Pause, resume, enqueue by hand."""
    page = await open_page("/queues")
    row = page.locator("tr", has_text="default")
    await row.get_by_role("button", name="Pause").click()
    await is_told(page, "default is paused")
    await expect(row).to_contain_text("paused")
    assert await paused(world) == [""]
    await row.get_by_role("button", name="Resume").click()
    await is_told(page, "default goes on")
    await expect(row).not_to_contain_text("paused")
    assert await paused(world) == []

    await page.get_by_role("link", name="Enqueue a job by hand").click()
    await page.get_by_role("combobox", name="Type").fill("shop.stock.ReserveStock")
    await page.get_by_label("Payload").fill('{"article": "WOBBLY-TABLE"}')
    await page.get_by_role("button", name="Enqueue").click()
    await expect(page.get_by_role("alert")).to_contain_text("pieces")
    await page.get_by_label("Payload").fill('{"article": "WOBBLY-TABLE", "pieces": 3}')
    await page.get_by_role("button", name="Enqueue").click()
    await is_told(page, "is enqueued.")
    job = await world.job(JobId(int(page.url.rpartition("/")[2])))
    assert (job.type, job.state, job.queue) == ("shop.stock.ReserveStock", JobState.READY, "")


async def test_a_form_with_a_wrong_token_does_nothing(open_page: OpenPage, shop: Shop, world: World) -> None:
    """However it came into the page."""
    page = await open_page(f"/jobs/{shop.declined}")
    forge = """() => {
        const form = document.querySelector('main form');
        form.elements.token.value = 'guessed';
        form.submit();
    }"""  # at once: the live view would put the right one back
    async with page.expect_response(lambda response: response.request.method == "POST") as answer:
        await page.evaluate(forge)

    assert (await answer.value).status == 403
    await expect(page.locator("h1")).to_have_text("The form was not accepted")
    assert await world.state_of(shop.declined) is JobState.DEAD
