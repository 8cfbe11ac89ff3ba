"""Dead jobs, many of a kind as one."""

from typing import Any

from starlette.requests import Request

from adapters.web.addresses import queue_of
from adapters.web.portions import portion_of
from adapters.web.site import Site
from adapters.web.windows import WINDOWS
from application.jobs.looking import MOST_GROUPS


async def dead(site: Site, request: Request) -> dict[str, Any]:
    """Show what jobs died of."""
    queue = queue_of(request.query_params.get("queue"))
    groups = await site.reader.dead(queue)
    return {
        "queue": queue,
        "queue_names": await site.reader.queue_names(WINDOWS[0]),
        "portion": portion_of(groups, request.query_params.get("page")),
        "is_cut": len(groups) >= MOST_GROUPS,
        "most_groups": MOST_GROUPS,
    }
