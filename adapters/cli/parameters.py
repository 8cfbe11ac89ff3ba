"""The options that several commands share, and what their values mean."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

import typer

from adapters.cli.failures import WrongUse
from application.jobs.control_room import ControlRoom
from domain.jobs import JobId

Dsn = Annotated[
    str | None,
    typer.Option(
        envvar="ARROWER_DSN",
        help="postgresql://user:password@host/database; the variable keeps it out of the list of processes.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON document per line.")]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Show it anew until Ctrl-C.")]
Every = Annotated[str, typer.Option(help="How often, with --watch: 2s, 1m.")]
OfQueue = Annotated[
    str | None, typer.Option("--queue", "-q", help="Its name; default is the one without.", show_default=False)
]
OfType = Annotated[str | None, typer.Option("--type", "-t", help="The type of the jobs.", show_default=False)]
OfText = Annotated[str | None, typer.Option("--text", help="Stands in the payload.", show_default=False)]
OfError = Annotated[
    str | None, typer.Option("--error", help="What they died of, as `dead` tells it.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, None: 1}
_LONGEST = 1_000_000_000  # seconds


def database(dsn: str | None) -> str:
    """Return where the database is. Raises `WrongUse` where nobody said so."""
    if not dsn:
        msg = "say where the database is: ARROWER_DSN=postgresql://… or --dsn"
        raise WrongUse(msg)
    return dsn


def length(text: str) -> timedelta:
    """Return what `90`, `90s`, `15m`, `12h`, `7d` or `2w` mean. Raises `WrongUse`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or (seconds := float(match[1]) * _SECONDS[match[2]]) > _LONGEST:
        msg = f"{text!r:.40} is no length of time: say 90s, 15m, 12h, 7d"
        raise WrongUse(msg)
    return timedelta(seconds=seconds)


def instant(text: str | None) -> Callable[[ControlRoom], Awaitable[datetime | None]]:
    """Return what tells the instant that an ISO 8601 time with its zone means, or a length of time from now on.

    Now is by the clock of the store. Raises `WrongUse` at once.
    """
    from_now = length(text) if text is not None and _DURATION.fullmatch(text.strip()) else None
    given = _instant(text) if text is not None and from_now is None else None

    async def tell(room: ControlRoom) -> datetime | None:
        return given if from_now is None else await room.now() + from_now

    return tell


def _instant(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.utcoffset() is None:
        msg = f"{text!r:.40} is no time: say 2030-01-31T09:00+01:00, or 15m for in a quarter of an hour"
        raise WrongUse(msg)
    return time


def queue_of(name: str | None) -> str | None:
    """Return the name by which the store knows it."""
    return "" if name == "default" else name


def job_id(text: str) -> JobId:
    """Return the id. Raises `WrongUse`."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        msg = f"{text!r:.40} is no id of a job: those are numbers"
        raise WrongUse(msg)
    return JobId(text)
