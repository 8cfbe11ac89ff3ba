"""One browser for all tests of a process; pages, dashboards and worlds for each."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.web import DashboardOptions, dashboard
from tests.web.in_browser.chromium import FLAGS, WITHOUT, chromium
from tests.web.in_browser.served import served
from tests.web.rooms import control_room_of
from tests.web.scenery import Shop
from tests.worlds import MemoryWorld, World
from tests.worlds.deadline import PATIENCE

OpenPage = Callable[..., Awaitable[Page]]
Serve = Callable[..., Awaitable[str]]

_HERE = Path(__file__).parent
QUICK = timedelta(milliseconds=100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests share the event loop of their browser."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def one_browser() -> AsyncIterator[Browser]:
    """Start the browser."""
    program = chromium()
    if program is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)(WITHOUT)
    expect.set_options(timeout=PATIENCE * 1_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    """Yield a world in memory without jobs."""
    world = MemoryWorld()
    yield world
    await world.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shop(world: World) -> Shop:
    """Return a shop that has been busy for a minute."""
    shop = Shop(world)
    await shop.open(steps=6)
    return shop


@pytest_asyncio.fixture(loop_scope="session")
async def serve(world: World) -> AsyncIterator[Serve]:
    """Yield what serves a dashboard, with options, and returns its address."""
    async with AsyncExitStack() as servers:

        async def serve_it(prefix: str = "", **options: Any) -> str:
            chosen = DashboardOptions(**{"interval": QUICK, "actions": True, **options})
            app = dashboard(control_room_of(world), chosen)
            host = Starlette(routes=[Mount(prefix, app)]) if prefix else app
            return await servers.enter_async_context(served(host)) + prefix

        yield serve_it


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(one_browser: Browser, serve: Serve) -> AsyncIterator[OpenPage]:
    """Yield what opens a page of a dashboard in a browser without a past.

    In the end no page may have complained, or asked another server for anything.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_it(path: str = "/", *, at: str | None = None, **options: Any) -> Page:
        address = at or await serve()
        context = await one_browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE * 1_000)
        _listen(page, address, complaints)
        await page.goto(address + path)
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert complaints == []


def _listen(page: Page, address: str, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        is_refusal = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not is_refusal:
            complaints.append(message.text)

    def on_request(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(address).netloc:
            complaints.append(f"asked for {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", on_request)
