"""Job classes nobody thought of, with values that fit them and values that do not."""

from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import GenericAlias
from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st


class Size(StrEnum):
    """A size of a mug."""

    SMALL = "small"
    LARGE = "large"


class Floor(IntEnum):
    """A floor of the warehouse."""

    CELLAR = -1
    GROUND = 0


class Colour(Enum):
    """A colour, in two systems."""

    RED = "red"
    GREEN = 2


@dataclass(frozen=True)
class Email:
    """A way to reach somebody."""

    address: str


@dataclass(frozen=True)
class Sms:
    """Another, of the same shape."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an order."""

    sku: str
    quantity: int = 1
    price: Decimal | None = None


Typed = tuple[Any, st.SearchStrategy[Any]]


def _mostly(usual: st.SearchStrategy[Any], unusual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda roll: unusual if roll == 9 else usual)


_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(hours=14))])
_TEXT = _mostly(
    st.text(max_size=5),
    st.text(st.characters()) | st.sampled_from(["", "\0", "\\u0000", "NaN", "\N{REPLACEMENT CHARACTER}"]),
)
_FLOATS = _mostly(st.floats(allow_nan=False, allow_infinity=False), st.floats())
_DECIMALS = _mostly(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([Decimal("1.10"), Decimal("1.1"), Decimal("-0E+3"), Decimal("NaN"), Decimal("-Infinity")]),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _FLOATS | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_LINES = st.builds(Line, sku=_TEXT, quantity=st.integers(), price=st.none() | _DECIMALS)
_LEAVES: list[Typed] = [
    (bool, st.booleans()),
    (int, st.integers() | st.integers(10**90, 10**100)),
    (float, _mostly(_FLOATS, st.integers(-(2**70), 2**70))),
    (Decimal, _DECIMALS),
    (str, _TEXT),
    (bytes, st.binary()),
    (UUID, st.uuids()),
    (date, st.dates()),
    (datetime, st.datetimes(timezones=_ZONES)),
    (time, st.times(timezones=_ZONES)),
    (timedelta, st.timedeltas()),
    (Size, st.sampled_from(Size)),
    (Floor, st.sampled_from(Floor)),
    (Colour, st.sampled_from(Colour)),
    (Literal["new", "old"], st.sampled_from(["new", "old"])),
    (Any, _JSON),
    (object, _JSON),
    (Email, st.builds(Email, _TEXT)),
    (Email | Sms, st.builds(Email, _TEXT) | st.builds(Sms, _TEXT)),
    (Line, _LINES),
]
_HASHABLE = [leaf for leaf in _LEAVES if leaf[0] not in (Any, object)]


def _optional(item: Typed) -> Typed:
    return item[0] if item[0] is Any else item[0] | None, st.none() | item[1]


def _list(item: Typed) -> Typed:
    return GenericAlias(list, item[0]), st.lists(item[1], max_size=3)


def _tuple(item: Typed) -> Typed:
    return GenericAlias(tuple, (item[0], ...)), st.lists(item[1], max_size=3).map(tuple)


def _pair(item: Typed) -> Typed:
    return GenericAlias(tuple, (int, item[0])), st.tuples(st.integers(), item[1])


def _dict(item: Typed) -> Typed:
    return GenericAlias(dict, (str, item[0])), st.dictionaries(_TEXT, item[1], max_size=3)


def _set(item: Typed) -> Typed:
    return GenericAlias(set, item[0]), st.sets(item[1], max_size=3)


def _frozenset(item: Typed) -> Typed:
    return GenericAlias(frozenset, item[0]), st.frozensets(item[1], max_size=3)


def _dict_by(item: Typed) -> Typed:
    return GenericAlias(dict, (item[0], int)), st.dictionaries(item[1], st.integers(), max_size=3)


def _union(one: Typed, other: Typed) -> Typed:
    return Any if Any in (one[0], other[0]) else one[0] | other[0], one[1] | other[1]


def _applied(wrap: Callable[[Typed], Typed], item: Typed) -> Typed:
    return wrap(item)


_leaves = st.sampled_from(_LEAVES)
_by_hash = st.builds(_applied, st.sampled_from([_set, _frozenset, _dict_by]), st.sampled_from(_HASHABLE))
types = st.recursive(
    _leaves | _by_hash | st.builds(_union, _leaves, _leaves),
    lambda inner: st.builds(_applied, st.sampled_from([_optional, _list, _tuple, _pair, _dict]), inner),
    max_leaves=3,
)
_anything = types.flatmap(lambda typed: typed[1])


@st.composite
def jobs(draw: st.DrawFn, *, fitting: bool = True) -> Any:
    """Draw an instance of a class made on the fly; where it need not fit, a field may hold anything."""
    fields = draw(st.lists(types, min_size=1, max_size=4))
    job_class = make_dataclass("DrawnJob", [(f"field_{n}", annotation) for n, (annotation, _) in enumerate(fields)])
    fits = [fitting or draw(st.booleans()) for _ in fields]
    return job_class(*[draw(values if fit else _anything) for (_, values), fit in zip(fields, fits, strict=True)])
