"""The jobs of the benchmark. Every contender gets the same fields."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """The job of most cases."""

    job_type: ClassVar[str] = "send_receipt"

    number: int
    order_id: UUID
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SendReminder:
    """A job that knows when it is due, to tell how late it runs."""

    job_type: ClassVar[str] = "send_reminder"

    number: int
    due: int
    """Microseconds since 1970."""


def receipt(number: int) -> SendReceipt:
    """Return a receipt like any other."""
    return SendReceipt(number, UUID(int=number % 2**64), Decimal("12.50"))
