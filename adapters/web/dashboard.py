"""Puts the dashboard together."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from adapters.web.failures import failure_handlers
from adapters.web.gate import Gate
from adapters.web.options import DashboardOptions
from adapters.web.routes import routes_of
from adapters.web.site import Site
from application.jobs.control_room import ControlRoom

_LARGEST_FORM = 2_000_000


def dashboard(control_room: ControlRoom, options: DashboardOptions | None = None) -> ASGIApp:
    """Return an ASGI application that shows the queues of a store of jobs.

    It can be served as it is, or mounted into another application under any prefix::

        app.mount("/admin/jobs", dashboard(control_room, DashboardOptions(authenticate=whoever_is_signed_in)))

    It needs no lifespan and opens nothing by itself. See `DashboardOptions` for what is switched off by default.
    """
    chosen = options or DashboardOptions()
    site = Site(control_room, chosen)
    pages = Starlette(routes=routes_of(site), exception_handlers=failure_handlers(site), max_body_size=_LARGEST_FORM)
    return Gate(pages, chosen)
