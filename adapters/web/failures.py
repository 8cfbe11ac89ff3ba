"""What is shown where something went wrong."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.formatting import sentence
from adapters.web.site import Site
from adapters.web.troubles import Troubled
from application.jobs.looking import DatabaseTrouble
from domain.jobs import InvalidRequest, JobNotFound, JobsError, WrongJobState

_LOGGER: Final = logging.getLogger("arrower.dashboard")

Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

_HEADINGS = {
    InvalidRequest: (400, "This cannot be meant"),
    JobNotFound: (404, "There is no such job"),
    WrongJobState: (409, "The job has moved on"),
    JobsError: (400, "This was refused"),
}
_OF_STATUS = {
    HTTPStatus.NOT_FOUND: ("There is no such page", "Nothing is at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This cannot be done here", "This address is for the forms of other pages."),
}


def failure_handlers(site: Site) -> Mapping[Any, Handler]:
    """Return a page for each kind of error. What nobody expected is raised on, for the server's log."""

    def refusal(status: int, heading: str) -> Handler:
        async def handle(request: Request, error: Exception) -> Response:
            return site.message(request, heading, sentence(str(error)), status)

        return handle

    async def http(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        heading, text = _OF_STATUS.get(status, ("This cannot be done here", status.phrase))
        is_told_more = error.detail != status.phrase
        return site.message(request, heading, sentence(error.detail if is_told_more else text), status)

    async def troubled(request: Request, error: Troubled) -> Response:
        advice = await _advice(site, error)
        _LOGGER.error("%s", error.line)
        return site.message(request, error.heading, advice, HTTPStatus.SERVICE_UNAVAILABLE)

    async def unexpected(request: Request, error: Exception) -> Response:
        text = f"The queues could not be read ({type(error).__name__}). The log of the server tells more."
        return site.message(request, "Something went wrong", text, HTTPStatus.INTERNAL_SERVER_ERROR)

    return {
        **{error: refusal(status, heading) for error, (status, heading) in _HEADINGS.items()},
        HTTPException: http,
        Troubled: troubled,
        Exception: unexpected,
    }


async def _advice(site: Site, error: Troubled) -> str:
    """Return what to do. Raises the error's cause where tables are missing though they were migrated."""
    if error.trouble is not DatabaseTrouble.NOT_MIGRATED:
        return error.advice
    report = await site.reader.database()
    if report is None or report.is_migrated:
        raise error.__cause__ or error
    findings = await site.reader.findings(report)
    return next((f"{finding.found} {finding.advice}" for finding in findings), error.advice)
