"""The books on PostgreSQL."""

from adapters.postgres.unit_of_work import PostgresUnitOfWork
from domain.orders import Money, OrderId, Payments

_BOOK = """
insert into shop.payments (order_id, amount) values ($1, $2)"""


class PostgresPayments(Payments):
    """Rows of `shop.payments`."""

    def __init__(self, unit_of_work: PostgresUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def book(self, order_id: OrderId, amount: Money) -> None:
        async with self._unit_of_work as connection:
            await connection.execute(_BOOK, order_id, amount.amount)
