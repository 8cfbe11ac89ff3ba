"""The stable names of job classes."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from domain.jobs import InvalidJob, former_job_types_of, job_type_of


@dataclass(frozen=True)
class SendReceipt:
    """No name of its own."""

    order_id: int


@dataclass(frozen=True)
class Renamed:
    """Was called something else."""

    job_type: ClassVar[str] = "orders.send_receipt"
    former_job_types: ClassVar[tuple[str, ...]] = ("orders.mail_receipt", "shop.receipt")


@dataclass(frozen=True)
class Inheriting(Renamed):
    """A subclass: another class, so another type."""


@dataclass(frozen=True)
class WithFieldOfThatName:
    """Its job_type is data."""

    job_type: str = "express"


def test_a_class_without_a_name_is_stored_under_its_qualified_name() -> None:
    """Module and class, as written in an import."""
    assert job_type_of(SendReceipt) == f"{__name__}.SendReceipt"


def test_a_declared_name_is_taken() -> None:
    """Whatever the class is called today."""
    assert job_type_of(Renamed) == "orders.send_receipt"
    assert former_job_types_of(Renamed) == ("orders.mail_receipt", "shop.receipt")


def test_a_subclass_does_not_inherit_the_name() -> None:
    """Its jobs would be decoded as the parent's."""
    assert job_type_of(Inheriting) == f"{__name__}.Inheriting"
    assert former_job_types_of(Inheriting) == ()


def test_a_field_called_job_type_is_data() -> None:
    """Only an attribute of the class names the type."""
    assert job_type_of(WithFieldOfThatName) == f"{__name__}.WithFieldOfThatName"


@pytest.mark.parametrize("name", ["", "a" * 201, "line\nbreak", 7, "nul\0"])
def test_an_impossible_name_is_refused(name: object) -> None:
    """The error names the class and what a name must be."""
    job_class = type("Odd", (), {"job_type": name})

    with pytest.raises(InvalidJob, match="job type of Odd"):
        job_type_of(job_class)


def test_former_names_must_be_a_collection() -> None:
    """A single string would be taken apart into letters."""
    job_class = type("Odd", (), {"former_job_types": "orders.mail_receipt"})

    with pytest.raises(InvalidJob, match="tuple of names"):
        former_job_types_of(job_class)
