"""The dashboard below a prefix of another application."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.web.browser import Browser, links_of
from tests.web.conftest import OpenDashboard
from tests.web.scenery import Shop
from tests.web.test_pages import PAGES
from tests.worlds import MemoryWorld


@pytest.mark.parametrize("page", [*PAGES, "/jobs/1", "/jobs/cancel?state=ready", "/nowhere"])
async def test_every_address_stays_below_it(open_dashboard: OpenDashboard, shop: Shop, page: str) -> None:
    """Links, forms, files."""
    host = Starlette(routes=[Mount("/shop/jobs", open_dashboard(actions=True))])
    async with Browser(host) as browser:
        html = (await browser.get(f"/shop/jobs{page}")).text
        addresses = [address for address in links_of(html) if not address.startswith("#")]

        assert len(addresses) > 10
        assert [address for address in addresses if not address.startswith("/shop/jobs/")] == []


async def test_files_and_actions_are_found_there(
    open_dashboard: OpenDashboard,
    shop: Shop,
    world: MemoryWorld,
) -> None:
    """As without a prefix."""
    host = Starlette(routes=[Mount("/shop/jobs", open_dashboard(actions=True))])
    async with Browser(host) as browser:
        html = (await browser.get("/shop/jobs/")).text
        for address in links_of(html):
            if "/static/" in address:
                assert (await browser.get(address)).status_code == 200
        answer = await browser.submit("/shop/jobs/queues", "/queues/pause", queue="emails")

        assert answer.url.path == "/shop/jobs/queues"
        assert "emails is paused" in answer.text
    assert "emails" in world.database.paused


async def test_cookies_are_kept_to_the_prefix(open_dashboard: OpenDashboard) -> None:
    """They are no business of the rest of the application."""
    host = Starlette(routes=[Mount("/shop/jobs", open_dashboard())])
    async with Browser(host) as browser:
        assert "path=/shop/jobs;" in (await browser.get("/shop/jobs/")).headers["set-cookie"].lower()
