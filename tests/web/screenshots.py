"""Pictures of the dashboard for the README: `make screenshots`."""

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright

from adapters.web import DashboardOptions, dashboard
from tests.web.in_browser.chromium import FLAGS, WITHOUT, chromium
from tests.web.in_browser.served import served
from tests.web.rooms import control_room_of
from tests.web.scenery import Shop
from tests.worlds import HandWorker, MemoryWorld

_FOLDER: Final = Path(__file__).parents[2] / "docs" / "dashboard"
_WIDTH: Final = 1180
_HEIGHT: Final = 1_400
_MARGIN: Final = 20


class ShopOnAServer(Shop):
    """A shop whose workers do not tell the name of the machine that takes the pictures."""

    async def hire(self, queue: str, name: str, types: dict[str, int], size: int) -> HandWorker:
        """Hire as `Shop.hire` does."""
        worker = await super().hire(queue, name, types, size)
        assert isinstance(self.world, MemoryWorld)
        for registered in self.world.database.workers:
            registered.host = "app-1"
        return worker


async def main() -> None:
    """Play a day, and take the pictures."""
    program = chromium()
    if program is None:
        raise SystemExit(WITHOUT)
    world = MemoryWorld()
    shop = ShopOnAServer(world)
    await shop.open()
    await world.room.pause("imports")
    options = DashboardOptions(actions=True)
    _FOLDER.mkdir(exist_ok=True)
    async with served(dashboard(control_room_of(world), options)) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        await _take(browser, f"{address}/", "overview", "light", "[aria-labelledby=queues]")
        await _take(browser, f"{address}/jobs/{shop.declined}", "job", "dark", ".attempt:nth-of-type(2)")
        await _take(browser, f"{address}/dead", "dead", "light", "main section")
        await browser.close()


async def _take(browser: Browser, address: str, name: str, theme: str, last: str) -> None:
    page = await browser.new_page(
        viewport={"width": _WIDTH, "height": _HEIGHT},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    await page.goto(address)
    await page.locator("#live[data-state=live]").wait_for()
    end = await page.locator(last).first.evaluate("element => element.getBoundingClientRect().bottom")
    path = _FOLDER / f"{name}.png"
    await page.screenshot(path=path, clip={"x": 0, "y": 0, "width": _WIDTH, "height": end + _MARGIN})
    await page.close()
    print(f"{path.relative_to(_FOLDER.parents[1])}: {path.stat().st_size // 1_000} kB")  # noqa: T201  # tells what it did


if __name__ == "__main__":
    asyncio.run(main())
