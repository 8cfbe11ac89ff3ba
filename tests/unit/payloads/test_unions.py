"""Fields that may hold values of several types."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest

from adapters.payloads import PydanticPayloads
from domain.jobs import UnreadablePayload
from tests.unit.payloads.strict import comes_back, is_refused, job_with

ORDER = UUID("0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01")


@dataclass(frozen=True)
class Email:
    """A way to reach somebody."""

    job_type: ClassVar[str] = "email"
    address: str


@dataclass(frozen=True)
class Sms:
    """Another, of the same shape, that was once called `text_message`."""

    job_type: ClassVar[str] = "sms"
    former_job_types: ClassVar[tuple[str, ...]] = ("text_message",)
    address: str


@dataclass(frozen=True)
class Letter:
    """A third, which has a default."""

    address: str
    copies: int = 1


@dataclass(frozen=True)
class Notify:
    """Reaches somebody."""

    channel: Email | Sms


@dataclass(frozen=True)
class NotifyAll:
    """Reaches many."""

    channels: list[Email | Sms]
    by_name: dict[str, Email | Sms | None]
    fallback: Email | Sms | Letter | str | None = None


@dataclass(frozen=True)
class Number:
    """A leaf of an expression."""

    value: int


@dataclass(frozen=True)
class Negation:
    """A node of an expression."""

    of: "Number | Negation"


@pytest.mark.parametrize("channel", [Email("ann@example.org"), Sms("ann@example.org")])
def test_classes_of_the_same_shape_are_told_apart(channel: Email | Sms) -> None:
    """Their objects are equal in JSON, but for the name of the class."""
    comes_back(Notify(channel))


def test_the_name_of_the_class_stands_in_the_payload() -> None:
    """It is the stable job type, so that the class can move."""
    assert PydanticPayloads().encode(Notify(Sms("123"))) == '{"channel":{"$type":"sms","address":"123"}}'


def test_a_class_is_found_under_a_former_name() -> None:
    """Jobs survive the renaming of what they contain."""
    read = PydanticPayloads().decode('{"channel":{"$type":"text_message","address":"123"}}', Notify)

    assert read == Notify(Sms("123"))


def test_an_object_without_a_name_is_read_as_the_first_that_fits() -> None:
    """A job that was enqueued from SQL, or when the field had one class only."""
    assert PydanticPayloads().decode('{"channel":{"address":"123"}}', Notify) == Notify(Email("123"))


def test_an_unknown_name_is_refused() -> None:
    """It must not be read as another class that happens to fit."""
    with pytest.raises(UnreadablePayload, match=r"channel: \$type is none of email, sms"):
        PydanticPayloads().decode('{"channel":{"$type":"pigeon","address":"123"}}', Notify)


def test_classes_are_told_apart_inside_collections_and_beside_other_types() -> None:
    """In lists and dicts, with None and strings in the union."""
    channels: list[Email | Sms] = [Sms("1"), Email("2"), Sms("3")]
    comes_back(NotifyAll(channels, {"a": Sms("4"), "b": None}))
    comes_back(NotifyAll([], {}, Letter("5", 2)))
    comes_back(NotifyAll([], {}, "plain"))


def test_an_expression_tree_comes_back() -> None:
    """Classes that contain the union they belong to."""
    comes_back(Negation(Negation(Number(3))))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int | str, 1),
        (int | str, "1"),
        (bool | int, True),
        (bool | int, 1),
        (int | float, 1),
        (int | float, 1.0),
        (Decimal | float, Decimal("1.5")),
        (Decimal | float, 1.5),
        (date | datetime, date(2024, 2, 29)),
        (date | datetime, datetime(2024, 2, 29, tzinfo=UTC)),
        (UUID | str, ORDER),
        (UUID | str, "CRUNCHY-ARMCHAIR"),
        (bytes | int, b"\x00"),
        (list[int] | dict[str, int], {"a": 1}),
    ],
    ids=repr,
)
def test_types_that_json_tells_apart_come_back(annotation: Any, value: Any) -> None:
    """As the type they were."""
    comes_back(job_with(annotation, value))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (UUID | str, str(ORDER)),
        (bytes | str, "YWJj"),
        (str | bytes, b"abc"),
        (str | date, date(2024, 2, 29)),
        (list[int] | tuple[int, ...], (1,)),
        (int | str, True),
    ],
    ids=repr,
)
def test_a_value_that_would_come_back_as_the_other_type_is_refused(annotation: Any, value: Any) -> None:
    """Only that value: others of the same union are fine."""
    assert "value is" in is_refused(job_with(annotation, value))
