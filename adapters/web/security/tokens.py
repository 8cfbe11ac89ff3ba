"""Tokens that prove that a form came from a page of ours.

A cookie holds a random key for each browser. A form carries a signature of that key and of the visitor's name,
made with a secret that never leaves the server. Whoever makes a browser send a form from elsewhere cannot read
the one, and cannot make the other.
"""

import hmac
import secrets
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from adapters.web.security.cookies import set_cookie

KEY_COOKIE = "arrower_dashboard"
_KEY_BYTES = 18


class Tokens:
    """Makes and checks signatures."""

    def __init__(self, secret: str | None) -> None:
        self._secret = (secret or secrets.token_urlsafe()).encode()

    def key(self, request: Request) -> str:
        """Return the key of the browser, a new one where it has none."""
        return request.cookies.get(KEY_COOKIE) or secrets.token_urlsafe(_KEY_BYTES)

    def remember(self, request: Request, response: Response, key: str) -> None:
        """Let the browser keep its key."""
        if request.cookies.get(KEY_COOKIE) != key:
            set_cookie(request, response, KEY_COOKIE, key)

    def token(self, key: str, visitor: str) -> str:
        """Return what a form for this browser and visitor has to carry."""
        return self.sign(f"form:{len(key)}:{key}:{visitor}")

    def accepts(self, request: Request, token: str, visitor: str) -> bool:
        """Tell whether a form comes from a page that this browser and visitor were given."""
        key = request.cookies.get(KEY_COOKIE, "")
        return bool(key) and hmac.compare_digest(self.token(key, visitor).encode(), token.encode())

    def sign(self, text: str) -> str:
        """Return what nobody else can make of a text."""
        return hmac.new(self._secret, text.encode(), sha256).hexdigest()

    def is_signed(self, text: str, signature: str) -> bool:
        """Tell whether we signed the text."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())
