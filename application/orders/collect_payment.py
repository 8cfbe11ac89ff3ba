"""The job func that charges cards."""

from domain.jobs import Discard, Enqueuer, UnitOfWork, current_job
from domain.orders import CardDeclined, Cards, CollectPayment, Orders, Payments, SendReceipt


class CollectPaymentFunc:
    """Charges the card of an order that is still open."""

    def __init__(
        self,
        orders: Orders,
        cards: Cards,
        payments: Payments,
        emails: Enqueuer,
        unit_of_work: UnitOfWork,
    ) -> None:
        self._orders = orders
        self._cards = cards
        self._payments = payments
        self._emails = emails
        self._unit_of_work = unit_of_work

    async def __call__(self, job: CollectPayment) -> None:
        """Charge, book the payment, mark the order as paid and have a receipt sent, as one commit.

        A card that is declined is not tried again: the order stays open until `CancelIfUnpaid` sees it.
        Where nobody answers, the error is left to the queue, which tries again later.
        """
        # No transaction reaches the card. Every attempt has the same key, so it is charged once.
        key = f"job-{current_job().id}"
        async with self._unit_of_work:
            # Nobody cancels the order while its card is charged. The price is a transaction that waits for the
            # network, which is best avoided, and bounded by the timeout of this job func.
            order = await self._orders.get(job.order_id)
            if not order.is_open:
                await self._cards.void(idempotency_key=key)  # an attempt that died may have charged it
                return
            try:
                await self._cards.charge(order.card, order.total, idempotency_key=key)
            except CardDeclined as declined:
                raise Discard(str(declined)) from declined
            await self._payments.book(order.id, order.total)
            await self._orders.update(order.paid())
            await self._emails.enqueue(SendReceipt(order.id, order.total))
