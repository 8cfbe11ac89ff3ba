"""Pages that change while one looks."""

from playwright.async_api import Page, expect

from tests.web.goods import ReserveStock
from tests.web.in_browser.conftest import OpenPage
from tests.web.scenery import Shop
from tests.worlds import World

HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


async def ready(page: Page) -> str:
    """Return how many jobs are ready, as the overview has it."""
    return await page.locator(".states .ready b").inner_text()


async def one_more(world: World) -> None:
    """Enqueue a job."""
    await world.queue("").enqueue(ReserveStock("CRUNCHY-ARMCHAIR", 1))


async def test_numbers_follow_what_happens(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Without being asked to."""
    page = await open_page("/")
    before = int(await ready(page))

    await one_more(world)

    await expect(page.locator(".states .ready b")).to_have_text(str(before + 1))


async def test_a_job_is_followed_to_its_end(open_page: OpenPage, world: World) -> None:
    """On its page."""
    job_id = await world.queue("").enqueue(ReserveStock("CRUNCHY-ARMCHAIR", 1))
    worker = await world.worker({ReserveStock.job_type: 3})
    page = await open_page(f"/jobs/{job_id}")
    pill = page.locator(".pill")

    await expect(pill).to_have_text("ready")
    job = await worker.claim_one()
    await expect(pill).to_have_text("running")
    await worker.complete(job)
    await expect(pill).to_have_text("completed")


async def test_what_a_reader_does_is_not_undone(open_page: OpenPage, shop: Shop, world: World) -> None:
    """What is open stays open, what has the focus keeps it, what is typed stays."""
    page = await open_page("/")
    await page.locator("#figures summary").click()
    await page.get_by_role("link", name="emails").first.focus()

    before = int(await ready(page))
    await one_more(world)
    await expect(page.locator(".states .ready b")).to_have_text(str(before + 1))

    assert await page.locator("#figures").get_attribute("open") is not None
    assert await page.evaluate("document.activeElement.textContent") == "emails"

    jobs = await open_page("/jobs")
    await jobs.locator("#search").fill("armch")
    await one_more(world)
    await expect(jobs.locator(".page-head p")).to_contain_text(str(await total(world)))
    assert await jobs.locator("#search").input_value() == "armch"


async def total(world: World) -> int:
    """Return how many jobs there are."""
    return sum((await world.counts()).values())


async def test_a_page_that_is_hidden_does_not_ask(open_page: OpenPage, shop: Shop, world: World) -> None:
    """It goes on when it is looked at again."""
    page = await open_page("/")
    witness = await open_page("/")
    before = int(await ready(page))
    await expect(page.locator("#live")).to_have_text("Live")

    await page.evaluate(HIDE, arg=True)
    await expect(page.locator("#live")).to_have_text("Paused")
    await one_more(world)
    await expect(witness.locator(".states .ready b")).to_have_text(str(before + 1))
    assert int(await ready(page)) == before

    await page.evaluate(HIDE, arg=False)
    await expect(page.locator(".states .ready b")).to_have_text(str(before + 1))


async def test_a_reader_can_stop_it(open_page: OpenPage, shop: Shop, world: World) -> None:
    """By the button or by a key."""
    page = await open_page("/")
    button = page.locator("#live")

    await button.click()
    await expect(button).to_have_text("Paused")
    await page.keyboard.press(".")
    await expect(button).to_have_text("Live")


async def test_a_job_that_is_gone_is_not_taken_for_one_that_waits(open_page: OpenPage, world: World) -> None:
    """The page says that it is no longer true."""
    job_id = await world.queue("").enqueue(ReserveStock("CRUNCHY-ARMCHAIR", 1))
    page = await open_page(f"/jobs/{job_id}")

    await world.operations.delete(job_id)

    await expect(page.locator("#live")).to_have_text("Not reachable")
