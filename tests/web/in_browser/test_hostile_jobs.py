"""Jobs whose every field is an attack."""

import pytest
from playwright.async_api import expect

from tests.web.hostility import SCRIPT, let_in
from tests.web.in_browser.conftest import OpenPage, Serve
from tests.web.in_browser.test_appearance import PHONE, overflow
from tests.web.test_pages import PAGES
from tests.worlds import World


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}])
async def test_nothing_of_them_is_run(
    open_page: OpenPage,
    serve: Serve,
    world: World,
    options: dict[str, dict[str, int]],
) -> None:
    """Neither when a page is loaded nor when it is brought up to date. They are shown as they are."""
    job = await let_in(world)
    address = await serve()
    page = await open_page("/", at=address, **options)
    for path in (*PAGES, f"/jobs/{job}", "/jobs?state=dead", f"/jobs?text={SCRIPT}", "/jobs/delete?state=dead"):
        await page.goto(address + path)

        assert "taken" not in await page.title()
        assert await page.locator("img, [onerror], [onload]").count() == 0
        assert "49" not in await page.locator("h1").inner_text()
        assert await overflow(page) == 0, path

    await page.goto(f"{address}/jobs/{job}")
    await expect(page.locator(".attempt .error").first).to_contain_text(SCRIPT)
    await world.operations.retry(job)
    await expect(page.locator(".pill")).to_have_text("ready")
    assert "taken" not in await page.title()
