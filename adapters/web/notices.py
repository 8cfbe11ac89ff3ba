"""A word on what was just done, carried from the action to the page that follows."""

import base64
import json
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from adapters.web.security.cookies import forget_cookie, set_cookie
from adapters.web.security.tokens import Tokens

_COOKIE = "arrower_notice"
_SECONDS = 30
_LONGEST = 1_000


class Notice(NamedTuple):
    """What to tell."""

    kind: str
    """The state whose sign and colour it has."""
    text: str


class Notices:
    """Keeps a notice in a cookie, signed, so that nobody else can put words on a page."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def leave(self, request: Request, response: Response, notice: Notice) -> None:
        """Leave it for the next page."""
        shortened = Notice(notice.kind, notice.text[:_LONGEST])
        text = base64.urlsafe_b64encode(json.dumps(shortened).encode()).decode()
        set_cookie(request, response, _COOKIE, f"{text}.{self._tokens.sign(text)}", max_age=_SECONDS)

    def read(self, request: Request) -> Notice | None:
        """Return what was left, if it was left by us."""
        text, _, signature = request.cookies.get(_COOKIE, "").partition(".")
        if not text or not self._tokens.is_signed(text, signature):
            return None
        kind, words = json.loads(base64.urlsafe_b64decode(text))
        return Notice(kind, words)

    def forget(self, request: Request, response: Response) -> None:
        """Tell it only once."""
        if _COOKIE in request.cookies:
            forget_cookie(request, response, _COOKIE)
