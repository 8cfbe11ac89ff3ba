"""Which field of a job is the one that cannot be stored."""

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from pydantic_core import from_json

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def has_nul(text: str) -> bool:
    """Say whether JSON text contains an escaped NUL, which is not an escaped backslash before "u0000"."""
    return _NUL.search(text) is not None


def field_to_blame(job_class: Any, job: object, to_json: Callable[..., bytes]) -> str | None:
    """Return the first field that cannot be written alone, or not be parsed, or contains a NUL."""
    for field in fields(job_class):
        try:
            text = to_json(job, include={field.name}, warnings=False)
            from_json(text)
        except Exception:  # noqa: BLE001  # whichever way it fails, this is the one
            return field.name
        if has_nul(text.decode()):
            return field.name
    return None
