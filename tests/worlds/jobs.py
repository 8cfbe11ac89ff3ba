"""The jobs that the suites enqueue: a mail-order shop on a busy day."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class SendReceipt:
    """Mail a receipt."""

    order: str
    amount: Decimal = Decimal("19.90")


@dataclass(frozen=True)
class ReserveStock:
    """Put pieces of an article aside."""

    article: str
    pieces: int = 1


@dataclass(frozen=True)
class CheckFraud:
    """Look at an order before it leaves. Stored under a name of its own."""

    job_type: ClassVar[str] = "fraud.check"

    order: str


@dataclass(frozen=True)
class InspectFraud:
    """Another class that claims the name of `CheckFraud`, and has other fields."""

    job_type: ClassVar[str] = "fraud.check"

    customer_number: int


@dataclass(frozen=True)
class GreetCustomer:
    """What `WelcomeCustomer` was called before it was renamed."""

    job_type: ClassVar[str] = "customer.greet"

    name: str


@dataclass(frozen=True)
class WelcomeCustomer:
    """Welcome somebody new. Also takes the jobs that were enqueued before the class was renamed."""

    job_type: ClassVar[str] = "customer.welcome"
    former_job_types: ClassVar[tuple[str, ...]] = ("customer.greet",)

    name: str


JOB_CLASSES = (SendReceipt, ReserveStock, CheckFraud, WelcomeCustomer)
"""Those that can be enqueued by hand."""
