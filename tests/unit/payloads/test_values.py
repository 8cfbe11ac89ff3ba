"""What a field can hold: it comes back equal and of the same type."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple, NewType, Optional
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from asyncpg.pgproto import pgproto

from adapters.payloads import PydanticPayloads
from tests.unit.payloads.strict import comes_back, job_with

ORDER = UUID("0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01")
BERLIN = ZoneInfo("Europe/Berlin")
OrderId = NewType("OrderId", UUID)


class Status(StrEnum):
    """A status."""

    PAID = "paid"


class Level(IntEnum):
    """A level."""

    URGENT = 3


class Currency(Enum):
    """A currency, in two systems."""

    EUR = "EUR"
    USD = 840


class Permission(Flag):
    """Permissions that combine."""

    READ = 1
    WRITE = 2


class Point(NamedTuple):
    """A point."""

    x: int
    y: int


def ordered_repr(value: object) -> str:
    """Name a test case: sets print their items in another order in each process."""
    if isinstance(value, (set, frozenset)):
        items: list[object] = sorted(value, key=repr)
        return f"{type(value).__name__}{items}"
    return repr(value)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (bool, True),
        (int, 0),
        (int, 2**63),
        (int, -(2**64)),
        (int, 10**100 - 1),
        (float, 1.5),
        (float, 1.7976931348623157e308),
        (float, 5e-324),
        (float, 0.1 + 0.2),
        (float, -0.0),
        (str, "CRUNCHY-ARMCHAIR"),
        (str, 'Größe 40, 🪑\n\t"quoted" \\back\\'),
        (str, "a literal \\u0000, not NUL"),
        (str, "NaN"),
        (str, "\N{REPLACEMENT CHARACTER}"),
        (bytes, bytes(range(256))),
        (bytes, b""),
        (UUID, ORDER),
        (OrderId, ORDER),
        (Decimal, Decimal("10.50")),
        (Decimal, Decimal("1.1")),
        (Decimal, Decimal("-0")),
        (Decimal, Decimal("1E+999999")),
        (date, date(2024, 2, 29)),
        (date, date.min),
        (datetime, datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        (datetime, datetime(2024, 2, 29, 12, 0, tzinfo=timezone(timedelta(hours=-9, minutes=-30)))),
        (datetime, datetime(2024, 7, 1, 12, 0, tzinfo=BERLIN)),
        (datetime, datetime(2024, 2, 29, 12, 0)),  # noqa: DTZ001  # naive on purpose
        (datetime, datetime.max.replace(tzinfo=UTC)),
        (time, time(23, 59, 59, 1)),
        (time, time(8, 0, tzinfo=UTC)),
        (timedelta, timedelta(days=-1, microseconds=1)),
        (timedelta, timedelta.max),
        (timedelta, timedelta.min),
        (Status, Status.PAID),
        (Level, Level.URGENT),
        (Currency, Currency.EUR),
        (Currency, Currency.USD),
        (Permission, Permission.READ | Permission.WRITE),
        (Literal["new", 2], "new"),
        (Literal["new", 2], 2),
        (None, None),
        (int | None, None),
        (Optional[Decimal], Decimal(1)),  # noqa: UP045  # people write both
        (IPv4Address, IPv4Address("192.0.2.1")),
        (PurePosixPath, PurePosixPath("/var/lib/orders")),
    ],
    ids=repr,
)
def test_a_single_value_comes_back(annotation: Any, value: Any) -> None:
    """Whatever JSON calls it."""
    comes_back(job_with(annotation, value))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (list[int], [3, 1, 2]),
        (list, [1, "a", None, [2.5]]),
        (list[list[Decimal]], [[Decimal("1.10")], []]),
        (tuple[int, ...], (1, 2)),
        (tuple[UUID, bytes], (ORDER, b"\x00\xff")),
        (tuple[()], ()),
        (set[UUID], {ORDER}),
        (frozenset[str], frozenset({"red", "green"})),
        (set[tuple[int, str]], {(1, "a"), (2, "b")}),
        (dict[str, int], {"ä": 1, "": 2}),
        (dict[UUID, str], {ORDER: "a"}),
        (dict[int, str], {-1: "a", 10**30: "b"}),
        (dict[date, int], {date(2024, 2, 29): 1}),
        (dict[Status, int], {Status.PAID: 1}),
        (dict[Level, int], {Level.URGENT: 1}),
        (dict[Decimal, int], {Decimal("1.10"): 1}),
        (dict[bytes, int], {b"\xff": 1}),
        (dict[str, dict[str, list[int]]], {"a": {"b": [1]}}),
        (Point, Point(1, 2)),
        (Any, {"a": [1, 2.0, "x", None, True, {"b": []}]}),
        (object, [10**30, -0.0]),
    ],
    ids=ordered_repr,
)
def test_a_collection_comes_back(annotation: Any, value: Any) -> None:
    """As the same kind of collection, with the same kinds of items."""
    comes_back(job_with(annotation, value))


@pytest.mark.parametrize("value", [5, 5.0, 2**60 + 1])
def test_an_int_may_stand_for_a_float_and_stays_an_int(value: float) -> None:
    """Type checkers allow it, so `timeout: float = 5` must work, and nothing is rounded."""
    comes_back(job_with(float, value))


def test_two_decimals_that_are_equal_keep_their_own_exponents() -> None:
    """1.10 is not turned into 1.1: an amount keeps its cents."""
    read = comes_back(job_with(list[Decimal], [Decimal("1.10"), Decimal("1.1")]))

    assert [str(amount) for amount in read.value] == ["1.10", "1.1"]


def test_a_utc_time_comes_back_in_the_standard_utc() -> None:
    """Code that compares `tzinfo is UTC` never notices that the job was stored."""
    read = comes_back(job_with(datetime, datetime(2024, 2, 29, tzinfo=UTC)))

    assert read.value.tzinfo is UTC


def test_a_time_in_a_zone_comes_back_as_the_same_instant_with_a_standard_offset() -> None:
    """The name of the zone is not kept; the offset is one of Python's own."""
    read = comes_back(job_with(datetime, datetime(2024, 7, 1, 12, 0, tzinfo=BERLIN)))

    assert read.value == datetime(2024, 7, 1, 10, 0, tzinfo=UTC)
    assert type(read.value.tzinfo) is timezone


def test_the_second_of_two_equal_naive_hours_comes_back_equal() -> None:
    """Python's equality ignores `fold` for naive times, and so do we."""
    late = datetime(2024, 10, 27, 2, 30, fold=1)  # noqa: DTZ001  # naive on purpose
    comes_back(job_with(datetime, late))


def test_the_uuid_of_a_database_driver_comes_back_as_an_equal_standard_one() -> None:
    """A job enqueued with an id that was just fetched by asyncpg is the everyday case."""
    payloads = PydanticPayloads()
    job = job_with(UUID, pgproto.UUID(str(ORDER)))

    read = payloads.decode(payloads.encode(job), type(job))

    assert read == job
    assert type(read.value) is UUID


def test_a_value_that_appears_twice_comes_back_twice() -> None:
    """Shared is not the same as circular."""
    lines = ["CRUNCHY-ARMCHAIR"]
    comes_back(job_with(list[list[str]], [lines, lines]))
