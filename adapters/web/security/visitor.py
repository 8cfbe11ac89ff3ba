"""Who is there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody the application knows."""

    name: str
    """Shown on the pages, and logged with each action."""
    may_act: bool = True
    """False lets them look only, also where actions are switched on."""


Authenticate = Callable[[Request], Awaitable[Visitor | Response | None]]
"""Returns who sends a request; None refuses it, and a response is sent instead, such as a redirect to a login."""
