"""Every action, pressed where it is offered, with what it does to the jobs."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from domain.jobs import JobId, JobNotFound, JobState
from tests.web.in_browser.conftest import OpenPage
from tests.web.scenery import Shop
from tests.worlds import World, open_postgres_world


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


async def test_on_queues(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Pause, resume, enqueue by hand."""
    page = await open_page("/queues")
    row = page.locator("tr", has_text="default")
    await row.get_by_role("button", name="Pause").click()
    await is_told(page, "default is paused")
    await expect(row).to_contain_text("paused")
    await row.get_by_role("button", name="Resume").click()
    await is_told(page, "default goes on")
    await expect(row).not_to_contain_text("paused")

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
