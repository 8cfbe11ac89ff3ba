"""The port to the customer's letter box."""

from abc import abstractmethod
from typing import Protocol

from domain.orders.money import Money
from domain.orders.names import OrderId
from domain.orders.order import CancelReason


class Mail(Protocol):
    """Takes letters to be sent; joins the unit of work that is open, so a letter leaves only if it commits."""

    @abstractmethod
    async def send_receipt(self, order_id: OrderId, total: Money) -> None:
        """Send how much was paid. Calling twice sends two letters."""

    @abstractmethod
    async def send_cancellation(self, order_id: OrderId, reason: CancelReason) -> None:
        """Send that nothing will come, and why. Calling twice sends two letters."""
