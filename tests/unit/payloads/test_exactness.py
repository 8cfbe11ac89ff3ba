"""What is trusted to come back without being read back. Speed rests on it, and so does the promise."""

from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import pytest
from annotated_types import Gt
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as pydantic_dataclass

from adapters.payloads.exactness import exactness_test
from adapters.payloads.schema import core_schema_of
from tests.unit.payloads.strict import job_with


class Status(StrEnum):
    """A status."""

    PAID = "paid"


class Level(IntEnum):
    """A level."""

    URGENT = 3


class Mixed(Enum):
    """An enum with two kinds of values."""

    ONE = 1
    TWO = "2"


class Permission(Flag):
    """Permissions."""

    READ = 1


@dataclass(frozen=True)
class Line:
    """A line of an order."""

    sku: str
    quantity: int = 1
    tags: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class GiftLine(Line):
    """Knows more than its parent."""


@dataclass
class Validating:
    """Has a mind of its own."""

    value: int

    def __post_init__(self) -> None:
        """Do what it likes."""


@dataclass
class WithArgument:
    """Takes an argument it does not keep."""

    value: int
    argument: InitVar[int]


@dataclass
class Computed:
    """Has a field that is not given to it."""

    value: int = field(init=False, default=1)


@dataclass
class Recursive:
    """May be nested too deeply."""

    value: "Recursive | None" = None


@dataclass
class Configured:
    """Brings a configuration of its own."""

    __pydantic_config__ = ConfigDict(str_strip_whitespace=True)
    value: str


@pydantic_dataclass
class OfPydantic:
    """Brings validators of its own."""

    value: int

    @model_validator(mode="after")
    def double(self) -> Self:
        """Change it."""
        self.value *= 2
        return self


def is_trusted(job: Any) -> bool:
    """Say whether the job would not be read back."""
    return exactness_test(core_schema_of(type(job)))(job)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (bool, True),
        (int, 1),
        (float, 1.5),
        (float, 1),
        (Decimal, Decimal("1.10")),
        (str, "a"),
        (bytes, b"a"),
        (UUID, UUID(int=1)),
        (date, date(2024, 2, 29)),
        (datetime, datetime(2024, 2, 29, tzinfo=UTC)),
        (datetime, datetime(2024, 2, 29)),  # noqa: DTZ001  # naive on purpose
        (time, time(12, 0)),
        (timedelta, timedelta(1)),
        (Status, Status.PAID),
        (Level, Level.URGENT),
        (Literal["new", "old"], "old"),
        (Line, Line("a")),
        (int | None, None),
        (int | None, 1),
        (Line | None, Line("a")),
        (list[Line], [Line("a"), Line("b", 2, ["c"])]),
        (list[int], [1, 2]),
        (set[UUID], {UUID(int=1)}),
        (frozenset[str], frozenset("a")),
        (tuple[int, ...], (1, 2)),
        (tuple[int, Line], (1, Line("a"))),
        (dict[str, Decimal], {"a": Decimal(1)}),
        (dict[str, Any], {"a": [1, {"b": None}]}),
        (Annotated[int, "just a note"], 1),
    ],
    ids=repr,
)
def test_everyday_jobs_are_trusted(annotation: Any, value: Any) -> None:
    """They need not be read back. If this fails after an upgrade of pydantic, jobs are safe, but slower."""
    assert is_trusted(job_with(annotation, value))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int, True),
        (int, Level.URGENT),
        (str, Status.PAID),
        (date, datetime(2024, 2, 29, tzinfo=UTC)),
        (datetime, datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=1)))),
        (time, time(12, 0, tzinfo=UTC)),
        (Line, GiftLine("a")),
        (list[Line], [Line("a"), GiftLine("b")]),
        (list[int], [1, True]),
        (list[int], (1,)),
        (tuple[int, int], (1,)),
        (tuple[int, ...], (1, None)),
        (dict[str, int], {1: 1}),
        (dict[int, int], {1: 1}),
        (dict[str, Any], {"a": (1,)}),
        (Any, {"a": {1: 2}}),
        (int | str, 1),
        (Literal["new"], "old"),
        (Literal["new", 1], "new"),
        (Mixed, Mixed.ONE),
        (Permission, Permission.READ),
        (Annotated[int, Gt(0)], 1),
        (Annotated[int, Field(exclude=True)], 1),
    ],
    ids=repr,
)
def test_values_that_need_a_look_are_not_trusted(annotation: Any, value: Any) -> None:
    """Subclasses, converted types, constraints: each of them is read back before it is stored."""
    assert not is_trusted(job_with(annotation, value))


@pytest.mark.parametrize(
    "job",
    [Validating(1), WithArgument(1, 2), Computed(), Recursive(), Configured("a"), OfPydantic(1)],
    ids=lambda job: type(job).__name__,
)
def test_classes_that_need_a_look_are_not_trusted(job: Any) -> None:
    """Each instance of them is read back before it is stored."""
    assert not is_trusted(job)
