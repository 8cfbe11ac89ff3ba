"""The job func that waits for the money no longer."""

from application.orders.cancel_order import CancelOrder
from domain.jobs import UnitOfWork
from domain.orders import CancelIfUnpaid, CancelReason, Orders


class CancelIfUnpaidFunc:
    """Runs once, when the payment is due."""

    def __init__(self, orders: Orders, cancel_order: CancelOrder, unit_of_work: UnitOfWork) -> None:
        self._orders = orders
        self._cancel_order = cancel_order
        self._unit_of_work = unit_of_work

    async def __call__(self, job: CancelIfUnpaid) -> None:
        """Cancel the order if it is still open."""
        async with self._unit_of_work:
            order = await self._orders.get(job.order_id)
            if order.is_open:
                await self._cancel_order(order.id, CancelReason.UNPAID)
