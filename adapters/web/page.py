"""A page: what it shows, at which path."""

from abc import abstractmethod
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from adapters.web.site import Site
from adapters.web.troubles import troubles_told
from adapters.web.watching import Drawing, wants_to_watch, watch


class View(Protocol):
    """Finds out what a page shows."""

    @abstractmethod
    async def __call__(self, site: Site, request: Request, /) -> dict[str, Any]:
        """Return what the template needs. Raises `JobsError`, whose text is shown instead."""


class Page:
    """Answers with a page, or with what changes of it while somebody watches, at the same address."""

    def __init__(self, site: Site, template: str, here: str, view: View, *, is_for_acting: bool = False) -> None:
        """A page for acting is shown to those only who may."""
        self._site = site
        self._template = template
        self._here = here
        self._view = view
        self._is_for_acting = is_for_acting

    async def answer(self, request: Request) -> Response:
        """Answer."""
        if self._is_for_acting and not self._site.may_act(request):
            return self._site.read_only(request)
        if wants_to_watch(request):
            return watch(self._site.readings, lambda: self._contents(request))
        return self._site.page(request, self._template, await self._context(request))

    async def _contents(self, request: Request) -> Drawing:
        context = await self._context(request)
        return Drawing(self._site.contents(request, self._template, context), context["now"])

    async def _context(self, request: Request) -> dict[str, Any]:
        with troubles_told(self._site.control_room.database):
            own = await self._view(self._site, request)
            return {"here": self._here, "is_live": True, "now": await self._site.reader.now()} | own
