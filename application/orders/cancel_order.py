"""Cancelling an order."""

from domain.jobs import Enqueuer, UnitOfWork
from domain.orders import CancelReason, OrderId, Orders, ReturnStock, SendCancellation


class CancelOrder:
    """Calls an order off, and has the background undo what was begun."""

    def __init__(self, orders: Orders, queue: Enqueuer, emails: Enqueuer, unit_of_work: UnitOfWork) -> None:
        self._orders = orders
        self._queue = queue
        self._emails = emails
        self._unit_of_work = unit_of_work

    async def __call__(self, order_id: OrderId, reason: CancelReason) -> None:
        """Cancel it. Raises `OrderNotFound` or `OrderClosed`."""
        async with self._unit_of_work:
            order = await self._orders.get(order_id)
            await self._orders.update(order.cancelled(reason))
            await self._queue.enqueue(ReturnStock(order.id, order.lines))
            await self._emails.enqueue(SendCancellation(order.id, reason))
