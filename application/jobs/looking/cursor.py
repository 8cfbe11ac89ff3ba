"""A place in a list as a word, to be given back later, by way of an address or a form."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from application.jobs.looking.job_listing import Position
from domain.jobs import InvalidRequest, JobId

_LARGEST = 2**63 - 1


def cursor_of(position: Position) -> str:
    """Return the word for a place."""
    fields = [None if position.at is None else position.at.isoformat(), *position[1:]]
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def position_of(cursor: str) -> Position:
    """Return the place. Raises `InvalidRequest`: the word may have been typed by anybody."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        fields: Any = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        at, number, priority = fields
        instant = None if at is None else datetime.fromisoformat(at)
        if (instant is not None and instant.utcoffset() is None) or not (
            _is_number(number) and _is_number(priority or 0)
        ):
            raise ValueError(cursor)  # noqa: TRY301  # told like whatever else is wrong with it
        return Position(instant, JobId(number), priority)
    except (ValueError, TypeError, UnicodeEncodeError, binascii.Error, RecursionError) as error:
        msg = f"{cursor!r:.100} is not where a page ended"
        raise InvalidRequest(msg) from error


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= _LARGEST
