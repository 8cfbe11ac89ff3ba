"""Who works."""

from typing import Any

from starlette.requests import Request

from adapters.web.addresses import queue_of
from adapters.web.portions import portion_of
from adapters.web.site import Site
from adapters.web.windows import WINDOWS


async def workers(site: Site, request: Request) -> dict[str, Any]:
    """Show the living pools."""
    queue = queue_of(request.query_params.get("queue"))
    alive = await site.reader.workers(queue)
    return {
        "queue": queue,
        "queue_names": await site.reader.queue_names(WINDOWS[0]),
        "workers": alive,
        "portion": portion_of(alive, request.query_params.get("page")),
        "places": sum(worker.size for worker in alive),
        "busy": sum(worker.busy for worker in alive),
    }
