"""Pages that are brought up to date while they are open."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Final

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.formatting import clock
from adapters.web.readings import Readings
from domain.jobs import JobsError

_LOGGER: Final = logging.getLogger(__name__)
_LONGEST = 300.0
"""Seconds. Then the browser connects again, and it is asked anew who is there."""


def wants_to_watch(request: Request) -> bool:
    """Tell whether a script asks for what changes instead of the page."""
    return "text/event-stream" in request.headers.get("accept", "")


def watch(readings: Readings, now: Callable[[], datetime], draw: Callable[[], Awaitable[str]]) -> Response:
    """Send what `draw` returns in each turn, where it changed."""
    return EventSourceResponse(changes(readings, now, draw), ping=15)


async def changes(
    readings: Readings,
    now: Callable[[], datetime],
    draw: Callable[[], Awaitable[str]],
) -> AsyncIterator[ServerSentEvent]:
    """Yield what `draw` returns in each turn, where it changed, and what is wrong where it fails; for five minutes."""
    loop, sent = asyncio.get_running_loop(), ""
    ends_at = loop.time() + _LONGEST
    while loop.time() < ends_at:
        await readings.next_turn()
        event, text = await _drawn(draw)
        if text != sent:
            yield ServerSentEvent(text, event=event, id=clock(now()))
            sent = text


async def _drawn(draw: Callable[[], Awaitable[str]]) -> tuple[str, str]:
    try:
        return "contents", await draw()
    except JobsError as error:
        return "trouble", str(error)
    except Exception:
        _LOGGER.exception("a page could not be brought up to date")
        return "trouble", "the queues could not be read"
