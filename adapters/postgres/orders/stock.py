"""The warehouse on PostgreSQL."""

from collections.abc import Sequence

from adapters.postgres.unit_of_work import PostgresUnitOfWork
from domain.orders import OrderId, OrderLine, Stock

_MOVE = """
insert into shop.stock_movements (order_id, article, pieces)
select $1, article, $4 * pieces from unnest($2::text[], $3::integer[]) as line (article, pieces)"""

_OUT, _IN = -1, 1


class PostgresStock(Stock):
    """Rows of `shop.stock_movements`."""

    def __init__(self, unit_of_work: PostgresUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def set_aside(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        await self._move(order_id, lines, _OUT)

    async def put_back(self, order_id: OrderId, lines: Sequence[OrderLine]) -> None:
        await self._move(order_id, lines, _IN)

    async def _move(self, order_id: OrderId, lines: Sequence[OrderLine], direction: int) -> None:
        articles, pieces = [line.article for line in lines], [line.pieces for line in lines]
        async with self._unit_of_work as connection:
            await connection.execute(_MOVE, order_id, articles, pieces, direction)
