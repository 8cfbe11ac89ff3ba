"""What is shown where something went wrong."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.formatting import sentence
from adapters.web.site import Site
from application.jobs.diagnosing import Finding
from domain.jobs import InvalidRequest, JobNotFound, JobsError, WrongJobState

_LOGGER: Final = logging.getLogger("arrower.dashboard")

Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]

_HEADINGS = {
    InvalidRequest: (400, "This cannot be meant"),
    JobNotFound: (404, "There is no such job"),
    WrongJobState: (409, "The job has moved on"),
    JobsError: (400, "This was refused"),
}
_NOT_FOUND = 404


def failure_handlers(site: Site) -> Mapping[Any, Handler]:
    """Return a page for each kind of error. What nobody expected is raised on, for the server's log."""

    def refusal(status: int, heading: str) -> Handler:
        async def handle(request: Request, error: Exception) -> Response:
            return site.message(request, heading, sentence(str(error)), status)

        return handle

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        heading = "There is no such page" if status == _NOT_FOUND else "This cannot be done here"
        return site.message(request, heading, str(getattr(error, "detail", "")), status)

    async def unexpected(request: Request, error: Exception) -> Response:
        wrong = await _wrong_with_tables(site)
        if wrong is not None:
            return site.message(request, "The tables are not ready", f"{wrong.found} {wrong.advice}", 503)
        text = f"The queues could not be read ({type(error).__name__}). The log of the server tells more."
        return site.message(request, "Something went wrong", text, 500)

    return {
        **{error: refusal(status, heading) for error, (status, heading) in _HEADINGS.items()},
        HTTPException: http,
        Exception: unexpected,
    }


async def _wrong_with_tables(site: Site) -> Finding | None:
    try:
        report = await site.reader.database()
        if report is None or report.is_migrated:
            return None
        return next(iter(await site.reader.findings(report)), None)
    except Exception:
        _LOGGER.debug("nor could it be told what is wrong with the tables", exc_info=True)
        return None
