"""The dashboard: an ASGI application that shows the queues, and acts on them where it may."""

from adapters.web.dashboard import dashboard
from adapters.web.options import DashboardOptions
from adapters.web.security.visitor import Authenticate, Visitor

__all__ = ["Authenticate", "DashboardOptions", "Visitor", "dashboard"]
