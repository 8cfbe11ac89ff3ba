"""The templates, and what they can do with values."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.web import formatting
from adapters.web.addresses import in_field, queue_in_address

_IN_BACKTICKS = re.compile(r"`([^`]+)`")


def environment(filters: Mapping[str, Callable[..., str]]) -> Environment:
    """Return the templates, with `filters` besides those that are always there.

    Everything they are given is escaped, and what is missing is an error.
    """
    found = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    own: dict[str, Callable[..., str]] = {
        "number": formatting.number,
        "rate": formatting.rate,
        "percent": formatting.percent,
        "duration": formatting.duration,
        "coarse": formatting.coarse,
        "from_now": formatting.from_now,
        "moment": formatting.moment,
        "clock": formatting.clock,
        "size": formatting.size,
        "queue_name": formatting.queue_name,
        "in_address": queue_in_address,
        "minute": _minute,
        "moment_short": _moment_short,
        "for_input": in_field,
        "step": _step,
        "sentence": formatting.sentence,
        "with_code": _with_code,
    }
    found.filters.update({**own, **filters})  # pyright: ignore[reportUnknownMemberType]  # jinja2 leaves its values open
    return found


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%H:%M}"


def _moment_short(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%d %b %H:%M:%S}"


def _with_code(text: str) -> Markup:
    return Markup(_IN_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


def _step(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
