"""`/livez` and `/readyz`."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from application.jobs.worker_health import Check, WorkerHealth

_OK, _UNAVAILABLE = 200, 503


def health_app(health: WorkerHealth) -> Starlette:
    """Return an ASGI application that answers 200, or 503 where a check failed, and says why in JSON."""
    return Starlette(
        routes=[
            Route("/livez", _answering(health.live)),
            Route("/readyz", _answering(health.ready)),
        ],
    )


def _answering(question: Callable[[], Awaitable[Sequence[Check]]]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def answer(_request: Request) -> JSONResponse:
        checks = await question()
        ok = all(check.ok for check in checks)
        content = {"ok": ok, "checks": [check._asdict() for check in checks]}
        return JSONResponse(content, _OK if ok else _UNAVAILABLE, headers={"cache-control": "no-store"})

    return answer
