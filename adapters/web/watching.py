"""Pages that are brought up to date while they are open."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Final, NamedTuple

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.formatting import clock
from adapters.web.readings import Readings
from adapters.web.troubles import Troubled
from domain.jobs import JobsError

_LOGGER: Final = logging.getLogger("arrower.dashboard")
_LONGEST = 300.0
"""Seconds. Then the browser connects again, and it is asked anew who is there."""
_REST = 4
"""How many times as long as a page took to be drawn one waits before it is drawn anew."""


def wants_to_watch(request: Request) -> bool:
    """Tell whether a script asks for what changes instead of the page."""
    return "text/event-stream" in request.headers.get("accept", "")


class Drawing(NamedTuple):
    """The contents of a page, and the instant of which they tell."""

    text: str
    seen_at: datetime


def watch(readings: Readings, draw: Callable[[], Awaitable[Drawing]]) -> Response:
    """Send what `draw` returns in each turn, where it changed."""
    return EventSourceResponse(changes(readings, draw), ping=15)


async def changes(readings: Readings, draw: Callable[[], Awaitable[Drawing]]) -> AsyncIterator[ServerSentEvent]:
    """Yield what `draw` returns in each turn, where it changed, and what is wrong where it fails; for five minutes.

    What takes long to be drawn is drawn less often: reading is done for a fifth of the time at most.
    """
    loop, sent = asyncio.get_running_loop(), ""
    began = loop.time()
    while loop.time() < began + _LONGEST:
        await readings.next_turn()
        turn = loop.time()
        event, line = await _drawn(draw)
        if (text := str(event.data)) != sent:
            if line:
                _LOGGER.error("%s", line)
            yield event
            sent = text
        await asyncio.sleep(_REST * (loop.time() - turn))


async def _drawn(draw: Callable[[], Awaitable[Drawing]]) -> tuple[ServerSentEvent, str]:
    """Return what to send, and what to log if it is sent."""
    try:
        drawing = await draw()
        return ServerSentEvent(drawing.text, event="contents", id=clock(drawing.seen_at)), ""
    except JobsError as error:
        return ServerSentEvent(str(error), event="trouble"), ""
    except Troubled as error:
        return ServerSentEvent(error.heading, event="trouble"), error.line
    except Exception:  # noqa: BLE001  # a mistake of ours, which is logged once and not in each turn
        line = f"a page could not be brought up to date\n{traceback.format_exc()}"
        return ServerSentEvent("The queues cannot be read", event="trouble"), line
