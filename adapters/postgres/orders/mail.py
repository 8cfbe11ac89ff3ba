"""Letters on PostgreSQL."""

from adapters.postgres.unit_of_work import PostgresUnitOfWork
from domain.orders import CancelReason, Mail, Money, OrderId

_SEND = """
insert into shop.letters (order_id, kind, text) values ($1, $2, $3)"""


class PostgresMail(Mail):
    """Puts letters into `shop.letters`, from where a mail server would pick them up."""

    def __init__(self, unit_of_work: PostgresUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def send_receipt(self, order_id: OrderId, total: Money) -> None:
        async with self._unit_of_work as connection:
            await connection.execute(_SEND, order_id, "receipt", str(total))

    async def send_cancellation(self, order_id: OrderId, reason: CancelReason) -> None:
        async with self._unit_of_work as connection:
            await connection.execute(_SEND, order_id, "cancellation", reason)
