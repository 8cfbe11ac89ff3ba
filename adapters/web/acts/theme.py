"""Choosing light or dark."""

from urllib.parse import urlsplit

from starlette.requests import Request

from adapters.web.acts.act import Fields, Outcome
from adapters.web.addresses import link_from
from adapters.web.site import Site
from adapters.web.themes import THEME_COOKIE, THEMES


async def choose_theme(_site: Site, request: Request, fields: Fields) -> Outcome:
    """Remember it, and go back to where the visitor was."""
    theme = fields["theme"] if fields["theme"] in THEMES else ""
    return Outcome(_way_back(request, fields["back"]), cookie=(THEME_COOKIE, theme))


def _way_back(request: Request, address: str) -> str:
    home = link_from(request)("/")
    parts = urlsplit(address)
    leads_elsewhere = parts.scheme or parts.netloc or "\\" in address or not parts.path.startswith(home)
    return home if leads_elsewhere else address
