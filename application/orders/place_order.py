"""Placing an order."""

from domain.jobs import Enqueuer, UnitOfWork
from domain.orders import CancelIfUnpaid, CheckFraud, CollectPayment, Order, Orders, ReserveStock

_URGENT = -10


class PlaceOrder:
    """Takes an order, and leaves to the background what the customer need not wait for."""

    def __init__(self, orders: Orders, queue: Enqueuer, unit_of_work: UnitOfWork) -> None:
        self._orders = orders
        self._queue = queue
        self._unit_of_work = unit_of_work

    async def __call__(self, order: Order) -> None:
        """Keep the order and enqueue its jobs, as one commit: all of it happens, or nothing.

        A suspicious order is looked at before others, and only then paid. Raises `OrderExists`.
        """
        async with self._unit_of_work:
            await self._orders.add(order)
            await self._queue.enqueue(CancelIfUnpaid(order.id), run_at=order.pay_by)
            if order.is_suspicious:
                await self._queue.enqueue(CheckFraud(order.id, order.card), priority=_URGENT)
                await self._queue.enqueue(ReserveStock(order.id, order.lines))
            else:
                await self._queue.enqueue([CollectPayment(order.id), ReserveStock(order.id, order.lines)])
