"""A browser without a window and without scripts: it keeps cookies, follows links, and fills forms in."""

import re
from html import unescape
from html.parser import HTMLParser
from types import TracebackType
from typing import Self

import httpx
from starlette.types import ASGIApp

SERVER = "http://localhost:8000"


class Browser:
    """Talks to an ASGI application."""

    def __init__(self, app: ASGIApp, server: str = SERVER) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=server
        )
        self._server = server

    async def __aenter__(self) -> Self:
        """Open it."""
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        await self._client.aclose()

    @property
    def cookies(self) -> httpx.Cookies:
        """What it keeps."""
        return self._client.cookies

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page."""
        return await self._client.get(path, headers=headers)

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form that nobody gave it."""
        return await self._client.post(path, data=fields, headers={"origin": self._server, **headers})

    async def submit(self, page: str, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page whose address ends so, and follow to where it leads."""
        found = next(form for form in forms_of((await self.get(page)).text) if form.action.endswith(path))
        answer = await self.post(found.action, {**found.fields, **fields})
        return await self.get(answer.headers["location"]) if answer.is_redirect else answer

    async def token(self, page: str = "/") -> str:
        """Return the token of the forms of a page."""
        return forms_of((await self.get(page)).text)[0].fields["token"]


class Form:
    """A form of a page, with what is typed into it already."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method
        self.fields: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and their fields."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(values.get("action", ""), values.get("method", "get")))
        elif tag in ("input", "textarea") and self.found and values.get("type") != "checkbox" and "name" in values:
            self.found[-1].fields[values["name"]] = values.get("value", "")


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page that change something."""
    parser = _Forms()
    parser.feed(html)
    return [form for form in parser.found if form.method == "post"]


def links_of(html: str) -> list[str]:
    """Return every address that a page names."""
    return [unescape(address) for address in re.findall(r'(?:href|src|action)="([^"]*)"', html)]


def text_of(html: str) -> str:
    """Return what one reads on a page, on one line."""
    without_tags = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return re.sub(r"[\s\u2009]+", " ", unescape(without_tags))
