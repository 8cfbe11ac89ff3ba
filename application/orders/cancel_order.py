"""Cancelling an order."""

from domain.jobs import Enqueuer, UnitOfWork
from domain.orders import CancelReason, Order, Orders, ReturnStock, SendCancellation


class CancelOrder:
    """Calls an order off, and has the background undo what was begun."""

    def __init__(self, orders: Orders, queue: Enqueuer, emails: Enqueuer, unit_of_work: UnitOfWork) -> None:
        self._orders = orders
        self._queue = queue
        self._emails = emails
        self._unit_of_work = unit_of_work

    async def __call__(self, order: Order, reason: CancelReason) -> None:
        """Cancel it. Raises `OrderClosed`."""
        cancelled = order.cancelled(reason)
        async with self._unit_of_work:
            await self._orders.update(cancelled)
            await self._queue.enqueue(ReturnStock(order.id, order.lines))
            await self._emails.enqueue(SendCancellation(order.id, reason))
