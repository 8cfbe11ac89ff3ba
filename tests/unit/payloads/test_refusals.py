"""What is refused at encode, and how it is said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from annotated_types import Gt

from adapters.payloads import PydanticPayloads
from domain.jobs import PayloadTooLarge, UnrepresentablePayload
from tests.unit.payloads.strict import comes_back, is_refused, job_with

BERLIN = ZoneInfo("Europe/Berlin")


class Level(IntEnum):
    """A level."""

    URGENT = 3


class Status(StrEnum):
    """A status."""

    PAID = "paid"


class Amount(Enum):
    """An enum whose values JSON does not have."""

    SMALL = Decimal(1)


@dataclass
class Line:
    """A line of an order."""

    sku: str


@dataclass
class GiftLine(Line):
    """Knows more than its parent."""

    message: str = ""


@dataclass
class SendReceipt:
    """The job of the documentation."""

    order_id: UUID
    amount: Decimal


@dataclass
class Chain:
    """A chain of any length."""

    next: "Chain | None" = None
    anything: list[Any] = field(default_factory=list[Any])


class Unprintable:
    """Fails when it is shown."""

    def __repr__(self) -> str:
        """Fail."""
        msg = "no"
        raise RuntimeError(msg)


def nested(levels: int) -> list[Any]:
    """Return a list in a list in a list."""
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


def chain(links: int) -> Chain | None:
    """Return a chain."""
    head: Chain | None = None
    for _ in range(links):
        head = Chain(head)
    return head


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (UUID, "0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01"),
        (UUID, "abc"),
        (UUID, 3),
        (int, "1"),
        (int, True),
        (int, 1.0),
        (int, Level.URGENT),
        (bool, 1),
        (float, True),
        (float, Decimal("1.5")),
        (str, Status.PAID),
        (str, b"abc"),
        (bytes, "YWJj"),
        (bytes, bytearray(b"abc")),
        (Decimal, 1),
        (Decimal, 1.5),
        (Decimal, "1.5"),
        (date, datetime(2024, 2, 29)),  # noqa: DTZ001  # naive on purpose
        (datetime, date(2024, 2, 29)),
        (Status, "paid"),
        (Literal["new"], "old"),
        (Line, GiftLine("CRUNCHY-ARMCHAIR", "Enjoy")),
        (Line, {"sku": "CRUNCHY-ARMCHAIR"}),
        (list[int], (1,)),
        (tuple[int, ...], [1]),
        (tuple[int, int], (1,)),
        (set[int], frozenset({1})),
        (set[int], {True}),
        (list[int], [1, "2"]),
        (dict[str, int], {"a": None}),
        (dict[int, str], {True: "a"}),
        (int, None),
        (Annotated[int, Gt(0)], -1),
        (Unprintable | int, Unprintable()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_is_not_of_the_declared_type_is_refused(annotation: Any, value: Any) -> None:
    """Dataclasses do not check, and the worker would be the one to find out. The field is named."""
    reason = is_refused(job_with(annotation, value))

    assert "value" in reason or "Unprintable" in reason


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (float, float("nan")),
        (float, float("-inf")),
        (Decimal, Decimal("NaN")),
        (Decimal, Decimal("sNaN")),
        (Decimal, Decimal("Infinity")),
        (Any, [float("nan")]),
        (int, 10**5_000),
        (str, "armchair\0"),
        (str, "\\\0"),
        (str, "\ud800"),
        (list[str], ["fine", "\0"]),
        (dict[str, int], {"\0": 1}),
        (dict[str, int], {"\ud800": 1}),
        (Any, {"a": {"\ud800": 1}}),
        (Any, (1,)),
        (Any, {1: "a"}),
        (Any, {"a": Decimal(1)}),
        (Any, b"abc"),
        (Any, Line("CRUNCHY-ARMCHAIR")),
        (object, object()),
        (object, Unprintable()),
        (Iterable[int], [1]),
        (Amount, Amount.SMALL),
        (Literal[b"a"], b"a"),
        (dict[tuple[int, int], str], {(1, 2): "a"}),
        (dict[int | str, int], {1: 1, "1": 2}),
        (time, time(12, 0, tzinfo=BERLIN)),
        (Callable[[], None], print),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_json_or_postgres_cannot_hold_is_refused(annotation: Any, value: Any) -> None:
    """The field is named."""
    assert is_refused(job_with(annotation, value)).startswith("value")


@pytest.mark.parametrize("annotation", [bytearray, memoryview, Unprintable, list[Unprintable]])
def test_a_class_with_a_field_of_a_type_that_nobody_can_write_is_refused(annotation: Any) -> None:
    """The type is named."""
    assert "a field has a type that JSON cannot hold" in is_refused(job_with(annotation, None))


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_a_zone_has_twice_is_refused(fold: int) -> None:
    """To Python such a time equals no time of another zone, so it cannot come back equal."""
    reason = is_refused(job_with(datetime, datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=BERLIN)))

    assert reason.endswith("give it in UTC")


def test_a_refusal_says_what_would_have_been_lost() -> None:
    """With the path of the value, the value, and what it would have become."""
    job = job_with(dict[str, list[Line]], {"chairs": [Line("a"), GiftLine("b", "Enjoy")]})

    assert is_refused(job) == (
        "value['chairs'][1] is GiftLine(sku='b', message='Enjoy') and would come back as Line(sku='b')"
    )


def test_a_refusal_names_the_job_and_the_field() -> None:
    """Those of the documentation, with an id that was forgotten to be converted."""
    job = SendReceipt("abc", Decimal("10.50"))  # type: ignore[arg-type]  # the mistake

    with pytest.raises(
        UnrepresentablePayload, match=r"SendReceipt' cannot be stored: order_id: .*it is str 'abc'"
    ) as it:
        PydanticPayloads().encode(job)

    assert it.value.job_type.endswith(".SendReceipt")


@pytest.mark.parametrize("levels", [190, 210, 300, 1_000])
def test_what_is_nested_too_deeply_is_refused_and_the_rest_comes_back(levels: int) -> None:
    """PostgreSQL and the parser have limits; Python's recursion limit is never hit."""
    for job in (job_with(Any, nested(levels)), Chain(anything=nested(levels)), job_with(Chain | None, chain(levels))):
        if levels < 200:
            comes_back(job)
        else:
            assert is_refused(job).startswith(("value: ", "anything: "))


def test_a_job_that_contains_itself_is_refused() -> None:
    """As a dataclass and as a list."""
    circular = Chain()
    circular.next = circular
    items: list[Any] = []
    items.append(items)

    assert is_refused(circular) == "next: ValueError: Circular reference detected (id repeated)"
    assert is_refused(job_with(Any, items)).startswith("value: ")


@pytest.mark.parametrize("job", [3, "text", SendReceipt, object()])
def test_what_is_no_instance_of_a_dataclass_is_refused(job: object) -> None:
    """The queue has checked before; nobody else needs to rely on that."""
    assert "is not a dataclass" in is_refused(job)


def test_a_payload_may_be_as_large_as_the_limit_and_no_larger() -> None:
    """Sizes are bytes of UTF-8, not characters."""
    payloads = PydanticPayloads(max_bytes=30)
    exact = job_with(str, "ä" * 9)  # {"value":"…"} is 12 bytes
    too_large = job_with(str, "ä" * 10)

    assert len(payloads.encode(exact).encode()) == 30
    with pytest.raises(PayloadTooLarge) as caught:
        payloads.encode(too_large)
    assert (caught.value.size, caught.value.limit) == (32, 30)


def test_a_mebibyte_is_accepted_by_default() -> None:
    """And a byte more is not."""
    comes_back(job_with(str, "x" * (1_048_576 - 12)))
    with pytest.raises(PayloadTooLarge):
        PydanticPayloads().encode(job_with(str, "x" * (1_048_576 - 11)))


def test_a_refusal_leaves_no_trace() -> None:
    """The next job of the class is encoded as if nothing had been."""
    payloads = PydanticPayloads()
    with pytest.raises(UnrepresentablePayload):
        payloads.encode(SendReceipt("abc", Decimal(1)))  # type: ignore[arg-type]  # the mistake

    assert payloads.encode(SendReceipt(UUID(int=1), Decimal(1))).endswith('"amount":"1"}')
