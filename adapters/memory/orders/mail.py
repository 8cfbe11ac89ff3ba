"""Letters in memory."""

from typing import Literal, NamedTuple
from uuid import uuid4

from adapters.memory.unit_of_work import InMemoryUnitOfWork
from domain.orders import CancelReason, Mail, Money, OrderId


class Letter(NamedTuple):
    """A row of the table `letters`."""

    order_id: OrderId
    kind: Literal["receipt", "cancellation"]
    text: str


class InMemoryMail(Mail):
    """Puts letters where a mail server would pick them up."""

    def __init__(self, unit_of_work: InMemoryUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def send_receipt(self, order_id: OrderId, total: Money) -> None:
        await self._put(Letter(order_id, "receipt", str(total)))

    async def send_cancellation(self, order_id: OrderId, reason: CancelReason) -> None:
        await self._put(Letter(order_id, "cancellation", reason))

    async def _put(self, letter: Letter) -> None:
        async with self._unit_of_work as transaction:
            transaction.table("letters")[uuid4()] = letter
