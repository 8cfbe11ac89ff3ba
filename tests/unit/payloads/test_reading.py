"""Reading stored payloads: of this version, of another, of somebody else, of nobody."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from adapters.payloads import PydanticPayloads
from domain.jobs import UnreadablePayload, job_type_of

ORDER = "0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01"


@dataclass(frozen=True)
class SendReceipt:
    """The job of the documentation, a version later."""

    order_id: UUID
    amount: Decimal = Decimal(0)
    copies: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.amount < 0:
            msg = f"amount must not be negative, it is {self.amount}"
            raise ValueError(msg)
        if self.amount == Decimal(13):
            raise KeyError(13)
        if self.amount == Decimal(14):
            raise Unspeakable


@dataclass(frozen=True)
class Schedule:
    """A job with a time."""

    at: datetime


class Unspeakable(Exception):
    """An error that fails when it is described."""

    def __str__(self) -> str:
        """Fail."""
        raise TypeError


def is_unreadable(payload: str, job_class: type = SendReceipt) -> UnreadablePayload:
    """Return the error."""
    with pytest.raises(UnreadablePayload) as caught:
        PydanticPayloads().decode(payload, job_class)
    assert len(caught.value.reason) <= 400
    return caught.value


def test_a_payload_of_a_newer_version_is_read_without_what_the_class_does_not_know() -> None:
    """While a deployment is under way, old workers meet new jobs."""
    read = PydanticPayloads().decode(f'{{"order_id":"{ORDER}","amount":"10.50","vip":true}}', SendReceipt)

    assert read == SendReceipt(UUID(ORDER), Decimal("10.50"))


def test_a_payload_of_an_older_version_is_read_with_the_defaults() -> None:
    """A field was added; each job gets a list of its own."""
    payloads = PydanticPayloads()
    first, second = (payloads.decode(f'{{"order_id":"{ORDER}"}}', SendReceipt) for _ in range(2))

    assert first == SendReceipt(UUID(ORDER), Decimal(0), [])
    assert first.copies is not second.copies


def test_a_payload_written_by_sql_may_have_spaces_numbers_and_any_order() -> None:
    """As json_build_object writes it."""
    read = PydanticPayloads().decode(f'{{ "amount" : 10.50, "order_id" : "{ORDER.upper()}" }}', SendReceipt)

    assert read == SendReceipt(UUID(ORDER), Decimal("10.50"))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ('{"order_id":"a"} {}', "Invalid JSON"),
        ("[" * 5_000, "Invalid JSON"),
        ("null", "Input should be an object"),
        ("[]", "Input should be an object"),
        (f'"{ORDER}"', "Input should be an object"),
        ("{}", "order_id: Field required"),
        ('{"order_id":"abc"}', "order_id: Input should be a valid UUID"),
        ('{"order_id":3}', "order_id: "),
        ('{"order_id":null}', "order_id: "),
        (f'{{"order_id":"{ORDER}","amount":"ten"}}', "amount: "),
        (f'{{"order_id":"{ORDER}","amount":"NaN"}}', "amount: Input should be a finite number"),
        (f'{{"order_id":"{ORDER}","copies":["1"]}}', "copies.0: Input should be a valid integer"),
        (f'{{"order_id":"{ORDER}","copies":[1.0]}}', "copies.0: Input should be a valid integer"),
        (f'{{"order_id":"{ORDER}","copies":{{}}}}', "copies: Input should be a valid array"),
        ('{"order_id":"\ud800"}', ""),
    ],
)
def test_what_does_not_fit_is_unreadable(payload: str, reason: str) -> None:
    """The field is named; nothing is converted."""
    assert is_unreadable(payload).reason.startswith(reason)


@pytest.mark.parametrize("at", ['"2024-02-30T00:00:00Z"', '"tomorrow"', "null", "{}"])
def test_a_time_that_does_not_exist_is_unreadable(at: str) -> None:
    """The field is named."""
    assert is_unreadable(f'{{"at":{at}}}', Schedule).reason.startswith("at: ")


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("-1", "Value error, amount must not be negative, it is -1"),
        ("13", "KeyError: 13"),
        ("14", "Unspeakable"),
    ],
)
def test_a_job_that_its_own_class_refuses_is_unreadable(amount: str, reason: str) -> None:
    """Whatever `__post_init__` raises kills that job, not the worker."""
    assert reason in is_unreadable(f'{{"order_id":"{ORDER}","amount":"{amount}"}}').reason


def test_the_error_of_post_init_is_the_cause() -> None:
    """So that the log shows where it came from."""
    assert isinstance(is_unreadable(f'{{"order_id":"{ORDER}","amount":"13"}}').__cause__, KeyError)


def test_a_thousand_mistakes_make_a_short_error() -> None:
    """The payload itself is not repeated, in the error or in its chain."""
    numbers = ",".join(['"secret"'] * 1_000)
    error = is_unreadable(f'{{"order_id":"{ORDER}","copies":[{numbers}]}}')

    assert error.reason.endswith("; and 997 more")
    assert "secret" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_the_error_names_the_job_type() -> None:
    """With the reason as an attribute."""
    error = is_unreadable("{}")

    assert error.job_type == job_type_of(SendReceipt)
    assert str(error).endswith("order_id: Field required")


@pytest.mark.parametrize("job_class", [int, dict, object])
def test_a_class_that_is_no_dataclass_is_unreadable(job_class: Any) -> None:
    """It was registered in some unusual way."""
    assert "is not a dataclass" in is_unreadable("{}", job_class).reason
