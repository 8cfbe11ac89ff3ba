"""The books in memory."""

from typing import NamedTuple
from uuid import uuid4

from adapters.memory.unit_of_work import InMemoryUnitOfWork
from domain.orders import Money, OrderId, Payments


class Payment(NamedTuple):
    """A row of the table `payments`."""

    order_id: OrderId
    amount: Money


class InMemoryPayments(Payments):
    """Enters payments one under the other."""

    def __init__(self, unit_of_work: InMemoryUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def book(self, order_id: OrderId, amount: Money) -> None:
        async with self._unit_of_work as transaction:
            transaction.table("payments")[uuid4()] = Payment(order_id, amount)
