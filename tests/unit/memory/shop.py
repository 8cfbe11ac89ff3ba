"""The jobs of a furniture shop, and a way to be somebody else for a moment."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class SendReceipt:
    """Mail a receipt."""

    order: str
    amount: Decimal = Decimal("19.90")


@dataclass(frozen=True)
class ReserveStock:
    """Put a piece of furniture aside."""

    article: str


@dataclass(frozen=True)
class GreetCustomer:
    """What `WelcomeCustomer` was called once."""

    job_type: ClassVar[str] = "customer.greet"

    name: str


@dataclass(frozen=True)
class WelcomeCustomer:
    """Welcome a customer; takes the jobs of its former name, too."""

    job_type: ClassVar[str] = "customer.welcome"
    former_job_types: ClassVar[tuple[str, ...]] = ("customer.greet",)

    name: str


async def apart(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run it where no unit of work of the caller is open."""
    return await asyncio.create_task(work, context=Context())
