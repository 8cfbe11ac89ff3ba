"""What all pages have in common."""

from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.web.addresses import Link, link_back, link_from
from adapters.web.assets import Assets
from adapters.web.gate import visitor_of
from adapters.web.masking import Masking
from adapters.web.notices import Notices
from adapters.web.options import DashboardOptions
from adapters.web.reader import Reader
from adapters.web.readings import Readings
from adapters.web.security.tokens import Tokens
from adapters.web.templating import environment
from adapters.web.themes import theme_of
from application.jobs.control_room import ControlRoom
from domain.jobs import JobState

_NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept, Cookie"}


class MenuItem(NamedTuple):
    """A page that is always one step away."""

    path: str
    title: str
    key: str
    """The key that follows `g`."""


MENU = (
    MenuItem("/", "Overview", "o"),
    MenuItem("/queues", "Queues", "q"),
    MenuItem("/jobs", "Jobs", "j"),
    MenuItem("/dead", "Dead", "d"),
    MenuItem("/workers", "Workers", "w"),
    MenuItem("/database", "Database", "b"),
)


class Site:
    """Draws pages, and knows what they need."""

    def __init__(self, control_room: ControlRoom, options: DashboardOptions) -> None:
        self.control_room = control_room
        self.options = options
        self.readings = Readings(options.interval)
        self.reader = Reader(control_room, self.readings)
        self.tokens = Tokens(options.secret)
        self.notices = Notices(self.tokens)
        self.masking = Masking(options.masked)
        self.assets = Assets()
        self._templates = environment({"payload_line": self.masking.line})

    def may_act(self, request: Request) -> bool:
        """Tell whether the visitor may change anything."""
        return self.options.actions and visitor_of(request).may_act

    def page(self, request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
        """Return a whole page."""
        key = self.tokens.key(request)
        text = self._templates.get_template(template).render(self._frame(request, key) | context)
        response = HTMLResponse(text, status, headers=_NOT_KEPT)
        self.tokens.remember(request, response, key)
        self.notices.forget(request, response)
        return response

    def contents(self, request: Request, template: str, context: dict[str, Any]) -> str:
        """Return what changes of a page that is open."""
        frame = self._frame(request, self.tokens.key(request))
        return self._templates.get_template(template).render(frame | {"layout": "contents.html"} | context)

    def message(self, request: Request, heading: str, text: str, status: int) -> Response:
        """Return a page that says what went wrong."""
        can_be_tried = status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == "GET"
        context = {"heading": heading, "text": text, "can_be_tried": can_be_tried}
        return self.page(request, "message.html", context, status)

    def read_only(self, request: Request) -> Response:
        """Return a page that says that the visitor may not act."""
        return self.message(request, "Read-only", "Nothing was done: actions are not switched on for you.", 403)

    def _asset(self, link: Link, name: str) -> str:
        return link(self.assets.path(name))

    def _frame(self, request: Request, key: str) -> dict[str, Any]:
        link, visitor = link_from(request), visitor_of(request)
        return {
            "layout": "page.html",
            "link": link,
            "asset": partial(self._asset, link),
            "sheets": self.assets.sheets,
            "menu": MENU,
            "here": "",
            "is_live": False,
            "interval": self.options.interval,
            "theme": theme_of(request),
            "token": self.tokens.token(key, visitor.name),
            "visitor": visitor.name,
            "may_act": self.may_act(request),
            "back": link_back(request),
            "notice": self.notices.read(request),
            "now": None,
            "order": list(JobState),
        }
