"""A strict equality of our own, so that the tests do not trust the one they test."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from typing import Any


def canonical(value: Any) -> Any:
    """Return nested tuples that are equal only where values are equal and of the same types throughout."""
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if is_dataclass(value):
        return kind, [(field.name, canonical(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, Mapping):
        return kind, [(canonical(key), canonical(item)) for key, item in value.items()]
    if isinstance(value, AbstractSet):
        return kind, sorted(map(repr, map(canonical, value)))
    if isinstance(value, (list, tuple)):
        return kind, [canonical(item) for item in value]
    if isinstance(value, (datetime, time)):
        return kind, value.replace(tzinfo=None, fold=0), value.utcoffset()
    return kind, repr(value)
