"""The port to the books."""

from abc import abstractmethod
from typing import Protocol

from domain.orders.money import Money
from domain.orders.names import OrderId


class Payments(Protocol):
    """The payments received. Joins the unit of work that is open."""

    @abstractmethod
    async def book(self, order_id: OrderId, amount: Money) -> None:
        """Enter a payment. Calling twice makes two entries."""
