"""The job func that looks at suspicious orders."""

from application.orders.cancel_order import CancelOrder
from domain.jobs import Enqueuer, UnitOfWork
from domain.orders import CancelReason, Cards, CheckFraud, CollectPayment, Orders


class CheckFraudFunc:
    """Compares where the card is from with where the goods are to go."""

    def __init__(
        self,
        orders: Orders,
        cards: Cards,
        cancel_order: CancelOrder,
        queue: Enqueuer,
        unit_of_work: UnitOfWork,
    ) -> None:
        self._orders = orders
        self._cards = cards
        self._cancel_order = cancel_order
        self._queue = queue
        self._unit_of_work = unit_of_work

    async def __call__(self, job: CheckFraud) -> None:
        """Cancel the order, or have it paid: the job that charges the card is enqueued with our commit."""
        issued_in = await self._cards.issued_in(job.card)  # first: no transaction waits for the network
        async with self._unit_of_work:
            order = await self._orders.get(job.order_id)
            if not order.is_open:
                return
            if order.is_fraud(issued_in):
                await self._cancel_order(order.id, CancelReason.FRAUD)
            else:
                await self._queue.enqueue(CollectPayment(order.id))
