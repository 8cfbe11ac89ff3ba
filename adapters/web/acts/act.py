"""An action: a form that was sent, checked, and answered with the page that shows what came of it."""

import logging
from abc import abstractmethod
from typing import Final, NamedTuple, Protocol

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.web.gate import visitor_of
from adapters.web.notices import Notice
from adapters.web.security.cookies import set_cookie
from adapters.web.security.origin import is_of_this_site
from adapters.web.site import Site
from adapters.web.troubles import troubles_told

_LOGGER: Final = logging.getLogger("arrower.dashboard")
_SEE_OTHER = 303
_MOST_FIELDS = 30
_A_YEAR = 365 * 86_400


class Fields:
    """What was typed into a form."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def __getitem__(self, name: str) -> str:
        """Return a field; empty where it is not there, or is a file."""
        value = self._form.get(name)
        return value if isinstance(value, str) else ""

    def get(self, name: str) -> str:
        """Return a field as `[]` does."""
        return self[name]


class Outcome(NamedTuple):
    """What came of an action."""

    goes_to: str
    """An address below the dashboard."""
    notice: Notice | None = None
    cookie: tuple[str, str] | None = None
    said: str | None = None
    """What is logged, where that is more than the notice."""


class Part(NamedTuple):
    """A part of an action that is not done yet."""

    page: Response
    """Asks for the next part."""
    said: str
    """What was done."""


class Deed(Protocol):
    """Does what a form asks for."""

    @abstractmethod
    async def __call__(self, site: Site, request: Request, fields: Fields, /) -> Outcome | Part | Response:
        """Do it, or a part of it, or answer with what is wrong.

        Raises `JobsError`, and has done nothing then, or not all of it.
        """


class Act:
    """Lets a deed be done if the form comes from a page of ours, and from somebody who may act."""

    def __init__(self, site: Site, deed: Deed, *, is_harmless: bool = False) -> None:
        """A harmless deed changes nothing but the visitor's own pages, and is open to all."""
        self._site = site
        self._deed = deed
        self._is_harmless = is_harmless

    async def answer(self, request: Request) -> Response:
        """Do it, and answer."""
        site = self._site
        if not self._is_harmless and not site.may_act(request):
            return site.read_only(request)
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            fields = Fields(form)
        if not self._is_ours(request, fields):
            text = "Nothing was done: the form is too old, or it is not of this page. Go back, reload, and try again."
            return site.message(request, "The form was not accepted", text, 403)
        with troubles_told(site.control_room.database):
            outcome = await self._deed(site, request, fields)
        if isinstance(outcome, Response):
            return outcome
        if not self._is_harmless:
            site.readings.forget()
            _LOGGER.info("%s by %r: %s", request.url.path, visitor_of(request).name, _said(outcome))
        return outcome.page if isinstance(outcome, Part) else self._led_on(request, outcome)

    def _is_ours(self, request: Request, fields: Fields) -> bool:
        visitor = visitor_of(request).name
        return is_of_this_site(request) and self._site.tokens.accepts(request, fields["token"], visitor)

    def _led_on(self, request: Request, outcome: Outcome) -> Response:
        response = RedirectResponse(outcome.goes_to, _SEE_OTHER)
        if outcome.notice is not None:
            self._site.notices.leave(request, response, outcome.notice)
        if outcome.cookie is not None:
            set_cookie(request, response, *outcome.cookie, max_age=_A_YEAR)
        return response


def _said(outcome: Outcome | Part) -> str:
    notice = outcome.notice if isinstance(outcome, Outcome) else None
    return outcome.said or ("" if notice is None else notice.text)
