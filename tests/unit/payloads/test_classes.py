"""The shapes a job class can have."""

from dataclasses import KW_ONLY, InitVar, dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import pytest

from adapters.payloads import PydanticPayloads
from tests.unit.payloads import local_classes
from tests.unit.payloads.strict import comes_back, is_refused

ORDER = UUID("0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order."""

    sku: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """An order with everything in it."""

    order_id: UUID
    lines: tuple[Line, ...]
    first: Line | None = None
    by_sku: dict[str, Line] = field(default_factory=dict[str, Line])
    MOST_LINES: ClassVar[int] = 100


@dataclass
class Plain:
    """Mutable, with positional and keyword fields."""

    sku: str
    _: KW_ONLY
    quantity: int = 1


@dataclass(slots=True)
class SlottedParent:
    """A parent with slots."""

    sku: str


@dataclass
class Child(SlottedParent):
    """A child without."""

    quantity: int


@dataclass
class WithTotal:
    """Computes a field, and caches another."""

    quantity: int
    price: Decimal
    total: Decimal = field(init=False)
    tags: list[str] = field(init=False, default_factory=list[str])

    def __post_init__(self) -> None:
        """Compute."""
        self.total = self.price * self.quantity

    @cached_property
    def label(self) -> str:
        """Not a field."""
        return f"{self.quantity} pieces"


@dataclass
class Discounted:
    """Takes an argument that it does not keep."""

    price: int
    percent: InitVar[int] = 0

    def __post_init__(self, percent: int) -> None:
        """Apply it."""
        self.price -= self.price * percent // 100


@dataclass
class MustBeDiscounted:
    """Takes an argument that it does not keep, and that has no default."""

    price: int
    percent: InitVar[int]


@dataclass
class Doubling:
    """Changes what it was given each time."""

    price: int

    def __post_init__(self) -> None:
        """Double."""
        self.price *= 2


@dataclass(eq=False)
class WithoutEquality:
    """Equal to itself only."""

    value: Any


@dataclass
class WithUncomparedField:
    """Equal whatever the field is."""

    sku: str
    note: Any = field(compare=False)


@dataclass
class Page(Generic[T]):
    """Generic."""

    items: list[T]


@dataclass
class Reserved:
    """Field names that mean something to pydantic."""

    model_config: dict[str, str]
    model_fields: int
    schema: str
    json: str
    dict: str
    copy: bool
    validate: float
    _private: int = 1
    __mangled: int = 2  # pyright: ignore[reportGeneralTypeIssues]  # odd on purpose


@dataclass
class Category:
    """Contains itself."""

    name: str
    parent: "Category | None" = None
    children: "list[Category]" = field(default_factory=list["Category"])


@pytest.mark.parametrize(
    "job",
    [
        PlaceOrder(order_id=ORDER, lines=(Line("CRUNCHY-ARMCHAIR", 1),), by_sku={"x": Line("x", 2)}),
        PlaceOrder(order_id=ORDER, lines=(), first=Line("y", 3)),
        Plain("CRUNCHY-ARMCHAIR", quantity=3),
        Child("CRUNCHY-ARMCHAIR", 2),
        WithTotal(3, Decimal("1.10")),
        Discounted(100, 10),
        WithoutEquality({"a": 1}),
        WithUncomparedField("a", note=["b"]),
        Page([1, "a"]),
        Reserved({"a": "b"}, 1, "s", "j", "d", copy=True, validate=1.5),
        Category("Chairs", Category("Furniture"), [Category("Armchairs")]),
    ],
    ids=lambda job: type(job).__name__,
)
def test_a_job_comes_back(job: Any) -> None:
    """Frozen, slotted, inheriting, generic, recursive."""
    comes_back(job)


def test_what_is_cached_on_a_job_is_not_part_of_it() -> None:
    """A cached property, or any attribute that is no field."""
    job = WithTotal(3, Decimal("1.10"))
    assert job.label == "3 pieces"

    assert "label" not in PydanticPayloads().encode(job)


def test_a_class_variable_is_not_part_of_a_job() -> None:
    """It belongs to the code."""
    assert "MOST_LINES" not in PydanticPayloads().encode(PlaceOrder(order_id=ORDER, lines=()))


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (Doubling(1), "price is int 2 and would come back as int 4"),
        (MustBeDiscounted(100, 10), "percent: Field required"),
        (WithoutEquality((1,)), "value is tuple"),
        (WithUncomparedField("a", note=(1,)), "note is tuple"),
        (Page([Line("a", 1)]), "items[0] is Line"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_job_that_its_class_would_not_build_again_is_refused(job: Any, reason: str) -> None:
    """Changes applied twice, arguments that were not kept, fields that equality does not look at."""
    assert reason in is_refused(job)


def test_a_computed_field_that_was_changed_later_is_refused() -> None:
    """It would be computed again."""
    job = WithTotal(3, Decimal("1.10"))
    job.total = Decimal(0)

    assert is_refused(job) == "total is Decimal('0') and would come back as Decimal('3.30')"


def test_a_field_that_was_never_set_is_refused() -> None:
    """The error names it."""
    job = Plain("CRUNCHY-ARMCHAIR")
    del job.sku

    assert is_refused(job).startswith("sku: ")


def test_a_class_inside_a_function_comes_back() -> None:
    """Names of the module are resolved, and that of the class itself."""
    comes_back(local_classes.own_name_in_an_annotation())


def test_an_annotation_that_names_a_class_inside_a_function_is_refused() -> None:
    """Python itself cannot resolve it; the error says what to do."""
    reason = is_refused(local_classes.name_of_a_neighbour_in_an_annotation())

    assert "'Neighbour'" in reason
    assert "defined in a module" in reason


def test_the_job_class_stays_as_it_was() -> None:
    """No attribute of pydantic remains on it, nor on the classes it contains."""
    before = [dict(vars(PlaceOrder)), dict(vars(Line))]

    comes_back(PlaceOrder(order_id=ORDER, lines=(Line("CRUNCHY-ARMCHAIR", 1),)))

    assert [dict(vars(PlaceOrder)), dict(vars(Line))] == before
