"""All of it works in a browser that runs no scripts."""

from playwright.async_api import expect

from domain.jobs import JobState
from tests.web.in_browser.conftest import OpenPage
from tests.web.scenery import Shop
from tests.worlds import World


async def test_one_looks_filters_and_turns_pages(open_page: OpenPage, shop: Shop) -> None:
    """Links and forms are enough."""
    page = await open_page("/", java_script_enabled=False)

    await page.locator(".states a.completed").click()
    await page.get_by_label("Text in the payload").fill("CRUNCHY")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.locator("tbody tr").first).to_contain_text("ReserveStock")
    await page.get_by_role("link", name="Next").click()
    await expect(page.get_by_label("Text in the payload")).to_have_value("CRUNCHY")
    await page.locator("tbody tr a").first.click()

    await expect(page.locator(".pill")).to_have_text("completed")


async def test_one_acts(open_page: OpenPage, shop: Shop, world: World) -> None:
    """Questions are asked before what cannot be undone."""
    page = await open_page(f"/jobs/{shop.declined}", java_script_enabled=False)

    await page.get_by_text("Delete…").click()
    await expect(page.get_by_text("Its history goes, too.")).to_be_visible()
    await page.get_by_role("button", name="Retry").click()

    await expect(page.get_by_role("status")).to_contain_text("is ready to run")
    assert await world.state_of(shop.declined) is JobState.READY


async def test_what_needs_scripts_is_not_there(open_page: OpenPage, shop: Shop) -> None:
    """No button that does nothing."""
    page = await open_page("/", java_script_enabled=False)

    await expect(page.locator("#live")).to_be_hidden()
    await expect(page.locator("#keys-button")).to_be_hidden()
