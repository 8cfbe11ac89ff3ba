"""Cookies that scripts cannot read and other sites cannot send."""

from starlette.requests import Request
from starlette.responses import Response


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Have the browser keep a value for the pages of the dashboard, until it is closed unless told how many seconds."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget_cookie(request: Request, response: Response, name: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(name, path=_path(request))


def _path(request: Request) -> str:
    return request.scope.get("root_path") or "/"
