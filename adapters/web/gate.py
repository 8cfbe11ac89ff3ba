"""What every request passes first."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.options import DashboardOptions
from adapters.web.security.headers import SECURITY_HEADERS
from adapters.web.security.hosts import is_allowed
from adapters.web.security.visitor import Visitor

_ANYBODY = Visitor("")


class Gate:
    """Lets requests in for allowed hosts and known visitors, and sends every answer with the headers of security."""

    def __init__(self, app: ASGIApp, options: DashboardOptions) -> None:
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        refusal = await self._refusal(Request(scope, receive))
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        if not is_allowed(request.headers, self._options.hosts):
            return PlainTextResponse("The dashboard does not answer under this name.\n", status_code=421)
        who: Visitor | Response | None = _ANYBODY
        if self._options.authenticate is not None:
            who = await self._options.authenticate(request)
        if isinstance(who, Visitor):
            request.scope.setdefault("state", {})["visitor"] = who
            return None
        return who or PlainTextResponse("You have to be signed in to see the queues.\n", status_code=403)


def visitor_of(request: Request) -> Visitor:
    """Return who the gate let in."""
    visitor: Visitor = request.scope["state"]["visitor"]
    return visitor


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[tuple[bytes, bytes]] = list(message.get("headers", []))
            present = {name.lower() for name, _ in headers}
            for name, value in SECURITY_HEADERS.items():
                if name.lower().encode() not in present:
                    headers.append((name.lower().encode(), value.encode()))
            message["headers"] = headers
        await send(message)

    return send_with_headers
