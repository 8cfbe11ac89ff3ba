"""Orders on PostgreSQL."""

from typing import Any

import asyncpg

from adapters.postgres.unit_of_work import PostgresUnitOfWork
from domain.orders import (
    Article,
    CancelReason,
    CardToken,
    Country,
    CustomerId,
    Money,
    Order,
    OrderExists,
    OrderId,
    OrderLine,
    OrderNotFound,
    Orders,
    OrderState,
)

_ADD = """
with added as (
    insert into shop.orders (id, customer, ship_to, card, placed_at, pay_by, state, cancel_reason)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
)
insert into shop.order_lines (order_id, position, article, pieces, unit_price)
select $1, position, article, pieces, unit_price
from unnest($9::text[], $10::integer[], $11::numeric[])
    with ordinality as line (article, pieces, unit_price, position)"""

_GET = """
select id, customer, ship_to, card, placed_at, pay_by, state, cancel_reason,
       array(select (article, pieces, unit_price) from shop.order_lines
             where order_id = id order by position) as lines
from shop.orders where id = $1
for update"""

_UPDATE = """
update shop.orders set state = $2, cancel_reason = $3 where id = $1"""


class PostgresOrders(Orders):
    """Rows of `shop.orders` and `shop.order_lines`. Who gets an order locks its row."""

    def __init__(self, unit_of_work: PostgresUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def add(self, order: Order) -> None:
        async with self._unit_of_work as connection:
            try:
                await connection.execute(_ADD, *_values(order), *_columns(order.lines))
            except asyncpg.UniqueViolationError as error:
                raise OrderExists(order.id) from error

    async def get(self, order_id: OrderId) -> Order:
        async with self._unit_of_work as connection:
            row = await connection.fetchrow(_GET, order_id)
        if row is None:
            raise OrderNotFound(order_id)
        return _order(row)

    async def update(self, order: Order) -> None:
        """Write what can change: the state."""
        async with self._unit_of_work as connection:
            status = await connection.execute(_UPDATE, order.id, order.state, order.cancel_reason)
        if status != "UPDATE 1":
            raise OrderNotFound(order.id)


def _values(order: Order) -> tuple[Any, ...]:
    return (
        order.id,
        order.customer,
        order.ship_to,
        order.card,
        order.placed_at,
        order.pay_by,
        order.state,
        order.cancel_reason,
    )


def _columns(lines: tuple[OrderLine, ...]) -> tuple[list[Any], ...]:
    return (
        [line.article for line in lines],
        [line.pieces for line in lines],
        [line.unit_price.amount for line in lines],
    )


def _order(row: asyncpg.Record) -> Order:
    reason: str | None = row["cancel_reason"]
    return Order(
        id=OrderId(row["id"]),
        customer=CustomerId(row["customer"]),
        ship_to=Country(row["ship_to"]),
        card=CardToken(row["card"]),
        lines=tuple(OrderLine(Article(article), pieces, Money(price)) for article, pieces, price in row["lines"]),
        placed_at=row["placed_at"],
        pay_by=row["pay_by"],
        state=OrderState(row["state"]),
        cancel_reason=None if reason is None else CancelReason(reason),
    )
