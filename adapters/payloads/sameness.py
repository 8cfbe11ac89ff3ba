"""Whether a value came back as it was: equal and of the same types, all the way down."""

from collections import deque
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from adapters.payloads.reasons import shown

_type_of: Callable[[object], Any] = type


class Difference(NamedTuple):
    """The first place where two values differ, as seen from the outermost."""

    path: str
    stored: object
    read: object

    def __str__(self) -> str:
        where = self.path.removeprefix(".") or "the job"
        is_moment = isinstance(self.stored, (datetime, time)) and isinstance(self.read, type(self.stored))
        hint = ", which is not equal: give it in UTC" if is_moment else ""
        return f"{where} is {shown(self.stored)} and would come back as {shown(self.read)}{hint}"


def difference(stored: Any, read: Any) -> Difference | None:
    """Return the first difference. `==` is not enough: to Python, 1 equals True and 1.0."""
    kind = _type_of(stored)
    if kind is _type_of(read):
        return _comparison_of(kind)(stored, read)
    return None if _is_uuid_of_a_driver(stored, read) else Difference("", stored, read)


def _is_uuid_of_a_driver(stored: object, read: object) -> bool:
    # asyncpg hands out UUIDs of a class of its own, which nobody can tell from the standard one.
    return type(read) is UUID and isinstance(stored, UUID) and stored == read


@lru_cache(maxsize=1_024)
def _comparison_of(kind: Any) -> Callable[[Any, Any], Difference | None]:
    if is_dataclass(kind):
        return partial(_in_fields, [field.name for field in fields(kind)])
    for container, compare in _CONTAINERS:
        if issubclass(kind, container):
            return compare
    return _as_a_whole


def _in_fields(names: list[str], stored: Any, read: Any) -> Difference | None:
    for name in names:
        found = difference(getattr(stored, name), getattr(read, name))
        if found is not None:
            return found._replace(path=f".{name}{found.path}")
    return None


def _in_items(stored: Any, read: Any) -> Difference | None:
    if len(stored) != len(read):
        return Difference("", stored, read)
    for index, item in enumerate(stored):
        found = difference(item, read[index])
        if found is not None:
            return found._replace(path=f"[{index}]{found.path}")
    return None


def _in_entries(stored: Any, read: Any) -> Difference | None:
    if len(stored) != len(read):
        return Difference("", stored, read)
    for (key, item), (read_key, read_item) in zip(stored.items(), read.items(), strict=True):
        if difference(key, read_key) is not None:
            return Difference("", stored, read)
        found = difference(item, read_item)
        if found is not None:
            return found._replace(path=f"[{key!r:.60}]{found.path}")
    return None


def _in_members(stored: Any, read: Any) -> Difference | None:
    counterparts = {member: member for member in read}
    same = stored == read and not any(difference(member, counterparts[member]) for member in stored)
    return None if same else Difference("", stored, read)


def _in_moments(stored: Any, read: Any) -> Difference | None:
    same = stored == read and (stored.tzinfo is None) == (read.tzinfo is None)  # a time without its zone equals it
    return None if same else Difference("", stored, read)


def _as_a_whole(stored: Any, read: Any) -> Difference | None:
    return None if stored == read else Difference("", stored, read)


_CONTAINERS: list[tuple[type | tuple[type, ...], Callable[[Any, Any], Difference | None]]] = [
    ((list, tuple, deque), _in_items),
    (dict, _in_entries),
    ((set, frozenset), _in_members),
    ((datetime, time), _in_moments),
]
