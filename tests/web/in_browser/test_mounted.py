"""Below a prefix, and for those who may only look."""

import re

from playwright.async_api import expect

from tests.web.goods import ReserveStock
from tests.web.in_browser.conftest import OpenPage, Serve
from tests.web.scenery import Shop
from tests.worlds import World


async def test_all_is_found_below_a_prefix(open_page: OpenPage, serve: Serve, shop: Shop, world: World) -> None:
    """Pages, files, the live view, actions."""
    address = await serve(prefix="/shop/admin")
    page = await open_page("/", at=address)

    ready = int(await page.locator(".states .ready b").inner_text())
    await world.queue("").enqueue(ReserveStock("CRUNCHY-ARMCHAIR", 1))
    await expect(page.locator(".states .ready b")).to_have_text(str(ready + 1))

    for name in ("Queues", "Jobs", "Dead", "Workers", "Database", "Overview"):
        await page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        await expect(page).to_have_url(re.compile(f"^{re.escape(address)}/"))
        await expect(page.locator("h1")).to_contain_text(name)

    await page.goto(f"{address}/queues")
    await page.locator("tr", has_text="emails").get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("status")).to_contain_text("emails is paused")
    await expect(page).to_have_url(f"{address}/queues")


async def test_who_may_only_look_is_offered_nothing_else(open_page: OpenPage, serve: Serve, shop: Shop) -> None:
    """And reads so."""
    address = await serve(actions=False)
    page = await open_page(f"/jobs/{shop.declined}", at=address)

    await expect(page.get_by_text("Read-only")).to_be_visible()
    for path in (f"/jobs/{shop.declined}", "/queues", "/jobs?state=dead", "/dead"):
        await page.goto(address + path)
        buttons = page.locator("main").get_by_role("button").or_(page.locator("main .button.danger"))
        offered = [name for name in await buttons.all_inner_texts() if name not in ("Filter", "Traceback")]
        assert offered == [], path
