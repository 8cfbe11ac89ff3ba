"""The warehouse in memory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import uuid4

from adapters.memory.unit_of_work import InMemoryUnitOfWork
from domain.orders import Article, OrderId, OrderLine, Stock


class StockMovement(NamedTuple):
    """A row of the table `stock_movements`."""

    order_id: OrderId
    article: Article
    pieces: int
    """Negative where they were set aside, positive where they came back."""


class InMemoryStock(Stock):
    """Enters movements one under the other."""

    def __init__(self, unit_of_work: InMemoryUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def set_aside(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        await self._enter(StockMovement(order_id, line.article, -line.pieces) for line in lines)

    async def put_back(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        await self._enter(StockMovement(order_id, line.article, line.pieces) for line in lines)

    async def _enter(self, movements: Iterable[StockMovement]) -> None:
        async with self._unit_of_work as transaction:
            transaction.table("stock_movements").update({uuid4(): movement for movement in movements})
