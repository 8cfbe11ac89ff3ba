"""How every page looks and reads, in both themes and on a phone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from tests.web.in_browser.conftest import OpenPage, Serve
from tests.web.scenery import Shop
from tests.web.test_pages import PAGES

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1360, "height": 900}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
BETWEEN = (768, 900, 1000, 1001, 1100, 1240, 1241)
"""Widths of tablets and small windows, and those beside which tables become cards."""
OTHERS = ("/jobs?state=dead", "/jobs/cancel?state=ready", "/jobs/{job}", "/jobs?text=nothing-has-this")
DARK = "rgb(17, 18, 20)"
LIGHT = "rgb(246, 246, 243)"


async def findings(page: Page) -> list[str]:
    """Return what is wrong for those who see, hear or move otherwise."""
    results = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


_OVERFLOW = """() => Math.max(
    document.documentElement.scrollWidth - window.innerWidth,
    ...[...document.querySelectorAll(':is(.panel, .wide) > table')].map(
        table => table.scrollWidth - table.parentNode.clientWidth))
"""


async def overflow(page: Page) -> int:
    """Return by how much a page is wider than the window, or a table than its panel."""
    width: int = await page.evaluate(_OVERFLOW)
    return width


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
async def test_every_page(open_page: OpenPage, shop: Shop, path: str) -> None:
    """Is accessible in both themes, and fits a desk, a phone, and all that is between them."""
    page = await open_page(path.replace("{job}", str(shop.declined)), viewport=DESK)

    await expect(page.locator("h1")).to_be_visible()
    assert await findings(page) == []
    assert await overflow(page) == 0

    for width in BETWEEN:
        await page.set_viewport_size({"width": width, "height": 900})
        assert await overflow(page) == 0, width

    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await page.set_viewport_size(PHONE)
    assert await findings(page) == []
    assert await overflow(page) == 0

    await page.set_viewport_size(NARROWEST)
    assert await overflow(page) == 0


async def test_every_page_without_anything_on_it(open_page: OpenPage, serve: Serve) -> None:
    """Is accessible, and says that there is nothing."""
    address = await serve()
    page = await open_page("/", at=address)
    for path in PAGES:
        await page.goto(address + path)
        assert await findings(page) == [], path


async def test_the_theme_is_that_of_the_system_until_one_is_chosen(open_page: OpenPage) -> None:
    """And then stays so on every page."""
    page = await open_page("/", color_scheme="dark")
    html = page.locator("html")

    await expect(html).to_have_css("background-color", DARK)
    await page.get_by_role("button", name="Light").click()
    await expect(html).to_have_css("background-color", LIGHT)
    await page.get_by_role("link", name="Workers", exact=True).first.click()
    await expect(page.locator("h1")).to_have_text("Workers")
    await expect(html).to_have_css("background-color", LIGHT)
    await page.get_by_role("button", name="Auto").click()
    await expect(html).to_have_css("background-color", DARK)


async def test_states_differ_by_more_than_their_colour(open_page: OpenPage, shop: Shop) -> None:
    """Each has a sign and a word."""
    page = await open_page("/")
    states = page.locator(".states a")

    signs = [await states.nth(index).locator("use").get_attribute("href") for index in range(6)]
    assert len(set(signs)) == 6
    await expect(states).to_contain_text(["Scheduled", "Ready", "Running", "Completed", "Dead", "Cancelled"])
