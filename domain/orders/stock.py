"""The port to the warehouse."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from domain.orders.names import OrderId
from domain.orders.order_line import OrderLine


class Stock(Protocol):
    """A ledger of what comes and goes, so that an order's entries may be made in any sequence.

    Entries join the unit of work that is open. Calling twice makes two of them.
    """

    @abstractmethod
    async def set_aside(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        """Take the pieces of each line out of what can be sold."""

    @abstractmethod
    async def put_back(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        """Give the pieces of each line back to what can be sold."""
