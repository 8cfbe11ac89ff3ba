"""The port to the orders."""

from abc import abstractmethod
from typing import Protocol

from domain.orders.names import OrderId
from domain.orders.order import Order


class Orders(Protocol):
    """All orders that were ever placed. Everything here joins the unit of work that is open."""

    @abstractmethod
    async def add(self, order: Order) -> None:
        """Keep a new order. Raises `OrderExists`; the unit of work can then only be rolled back."""

    @abstractmethod
    async def get(self, order_id: OrderId) -> Order:
        """Return an order, which nobody else changes before the unit of work ends.

        Raises `OrderNotFound`.
        """

    @abstractmethod
    async def update(self, order: Order) -> None:
        """Keep an order as it is now, in place of what it was. Raises `OrderNotFound`."""
