"""The queues in all their numbers."""

from typing import Any

from starlette.requests import Request

from adapters.web.pages.queue_rows import queue_rows
from adapters.web.site import Site
from adapters.web.windows import WINDOWS, window_of


async def queues(site: Site, request: Request) -> dict[str, Any]:
    """Show how each queue fares."""
    window = window_of(request.query_params.get("window"))
    return {
        "window": window,
        "windows": WINDOWS,
        "queues": await queue_rows(site, await site.reader.queues(window), window),
        "steering": True,
    }
