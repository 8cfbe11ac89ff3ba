"""What stands in the database: people read it in psql, and other programs write it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from adapters.payloads import PydanticPayloads
from tests.unit.payloads.strict import job_with

ORDER = UUID("0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01")


class Colour(Enum):
    """A colour."""

    RED = "red"


@dataclass(frozen=True)
class SendReceipt:
    """The job of the documentation."""

    order_id: UUID
    amount: Decimal


@dataclass(frozen=True)
class Nothing:
    """A job without fields."""


def test_the_payload_is_an_object_of_the_fields_in_their_order() -> None:
    """Compact, and the same each time."""
    job = SendReceipt(ORDER, Decimal("10.50"))

    assert PydanticPayloads().encode(job) == f'{{"order_id":"{ORDER}","amount":"10.50"}}'


def test_a_job_without_fields_is_an_empty_object() -> None:
    """And comes back."""
    assert PydanticPayloads().encode(Nothing()) == "{}"
    assert PydanticPayloads().decode("{}", Nothing) == Nothing()


@pytest.mark.parametrize(
    ("annotation", "value", "written"),
    [
        (str, "Größe", "Größe"),
        (bytes, b"\xff\x00", "_wA="),
        (datetime, datetime(2024, 2, 29, 12, 0, tzinfo=UTC), "2024-02-29T12:00:00Z"),
        (date, date(2024, 2, 29), "2024-02-29"),
        (time, time(8, 30), "08:30:00"),
        (timedelta, timedelta(days=1, seconds=2), "P1DT2S"),
        (Colour, Colour.RED, "red"),
        (float, 1.5, 1.5),
        (int, 10**30, 10**30),
        (tuple[int, str], (1, "a"), [1, "a"]),
        (dict[UUID, int], {ORDER: 1}, {str(ORDER): 1}),
        (int | None, None, None),
    ],
    ids=repr,
)
def test_values_are_written_as_people_expect(annotation: Any, value: Any, written: Any) -> None:
    """ISO forms, values of enums, base64, numbers as numbers."""
    assert json.loads(PydanticPayloads().encode(job_with(annotation, value))) == {"value": written}


def test_threads_may_share_an_instance() -> None:
    """Also when the class is new to it."""
    payloads = PydanticPayloads()
    jobs = [SendReceipt(UUID(int=number), Decimal(number)) for number in range(200)]

    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(payloads.encode, jobs))
        read = list(threads.map(lambda payload: payloads.decode(payload, SendReceipt), written))

    assert read == jobs


def test_classes_made_on_the_fly_do_not_pile_up() -> None:
    """A program that makes a class for each job does not run out of memory."""
    payloads = PydanticPayloads()

    for number in range(1_100):
        payloads.encode(job_with(int, number))

    assert len(payloads._codecs) <= 1_024
