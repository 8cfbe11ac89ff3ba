"""What stands in an address, and what it means.

The default queue has no name, and a form that leaves a field empty means any queue: in an address the default queue
is `~`, and a name that begins with `~` gets another one in front.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from starlette.requests import Request

from application.jobs.job_store import WorkerId
from application.jobs.looking import JobFilter
from domain.jobs import InvalidRequest, JobState

Link = Callable[..., str]
_TILDE = "~"


def queue_in_address(name: str) -> str:
    """Return how a queue is called in an address."""
    return name if name and not name.startswith(_TILDE) else _TILDE + name


def queue_of(text: str | None) -> str | None:
    """Return the name of the queue in an address; None where any is meant."""
    return text.removeprefix(_TILDE) if text else None


def link_from(request: Request) -> Link:
    """Return what makes addresses of pages, below wherever the dashboard is mounted."""
    root = quote(request.scope.get("root_path", ""), safe="/~!$&'()*+,;=:@")

    def link(path: str, **query: object) -> str:
        pairs = {
            name: queue_in_address(str(value)) if name == "queue" else str(value)
            for name, value in query.items()
            if value is not None and (name == "queue" or value != "")
        }
        return f"{root}{path}{'?' if pairs else ''}{urlencode(pairs)}"

    return link


def link_back(request: Request) -> str:
    """Return the address of the page that is asked for."""
    path = quote(request.scope["path"], safe="/~!$&'()*+,;=:@")
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def filter_of(get: Callable[[str], str | None]) -> JobFilter:
    """Return which jobs an address means, of which `get` returns the fields. Raises `InvalidRequest`."""
    state, worker, before = get("state"), get("worker"), get("before")
    return JobFilter(
        queue=queue_of(get("queue")),
        state=_state(state) if state else None,
        type=get("type") or None,
        text=get("text") or None,
        error=get("error") or None,
        worker=WorkerId(whole(worker)) if worker else None,
        finished_before=instant_of(before) if before else None,
    )


def query_of(wanted: JobFilter) -> dict[str, object]:
    """Return what stands in an address for these jobs."""
    fields: dict[str, object | None] = {
        "state": wanted.state,
        "queue": wanted.queue,
        "type": wanted.type,
        "text": wanted.text,
        "error": wanted.error,
        "worker": wanted.worker,
        "before": None if wanted.finished_before is None else in_field(wanted.finished_before),
    }
    return {name: value for name, value in fields.items() if value is not None}


def query_in_form(wanted: JobFilter) -> dict[str, str]:
    """Return the same as the hidden fields of a form."""
    fields = query_of(wanted)
    return {name: queue_in_address(str(value)) if name == "queue" else str(value) for name, value in fields.items()}


def whole(text: str) -> int:
    """Return the number that a text is. Raises `InvalidRequest` for what is none that a database holds."""
    if text.isascii() and text.removeprefix("-").isdigit() and len(text) <= _DIGITS:
        number = int(text)
        if -_LARGEST <= number <= _LARGEST:
            return number
    msg = f"{text!r:.100} is not a number that can be meant"
    raise InvalidRequest(msg)


def instant_of(text: str) -> datetime:
    """Return the instant in UTC that was typed. Raises `InvalidRequest`."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        msg = f"{text!r:.100} is not a time"
        raise InvalidRequest(msg) from error


def in_field(instant: datetime) -> str:
    """Return the instant as a field of a form has it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _state(text: str) -> JobState:
    try:
        return JobState(text)
    except ValueError as error:
        msg = f"there is no state {text!r:.100}; there are {', '.join(JobState)}"
        raise InvalidRequest(msg) from error


_DIGITS = 20
_LARGEST = 2**63 - 1
