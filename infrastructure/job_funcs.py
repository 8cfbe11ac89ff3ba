"""Which job func runs the jobs of which queue, and how patiently."""

from collections.abc import Collection
from datetime import timedelta

from application.orders import (
    CancelIfUnpaidFunc,
    CancelOrder,
    CheckFraudFunc,
    CollectPaymentFunc,
    ReserveStockFunc,
    ReturnStockFunc,
    SendCancellationFunc,
    SendReceiptFunc,
)
from domain.jobs import InvalidQueueOption, Queue
from infrastructure.containers import ApplicationContainer
from infrastructure.containers.application import EMAILS

_CARDS_TIMEOUT = timedelta(seconds=30)


async def register_job_funcs(container: ApplicationContainer, names: Collection[str] = ()) -> tuple[Queue, ...]:
    """Let this process run every job of the application, or those of the queues named. Returns the queues that do.

    Raises `InvalidQueueOption` for a name that no queue of the application has.
    """
    registrations = {"": (container.queue, _register_default_queue), EMAILS: (container.emails, _register_emails)}
    for name in names:
        if name not in registrations:
            known = ", ".join(known or "default" for known in registrations)
            msg = f"this application has no queue {name!r:.100}, it has: {known}"
            raise InvalidQueueOption(msg)
    chosen = [registrations[name] for name in dict.fromkeys(names or registrations)]
    for _, register in chosen:
        await register(container)
    return tuple(queue() for queue, _ in chosen)


async def _register_default_queue(container: ApplicationContainer) -> None:
    await _register_stock_keeping(container)
    await _register_payment(container)


async def _register_emails(container: ApplicationContainer) -> None:
    emails, mail = container.emails(), container.mail()
    await emails.register_job_func(SendReceiptFunc(mail))
    await emails.register_job_func(SendCancellationFunc(mail))


async def _register_stock_keeping(container: ApplicationContainer) -> None:
    queue, stock = container.queue(), container.stock()
    await queue.register_job_func(ReserveStockFunc(stock))
    await queue.register_job_func(ReturnStockFunc(stock))


async def _register_payment(container: ApplicationContainer) -> None:
    queue, unit_of_work = container.queue(), container.unit_of_work()
    orders, cards, payments = container.orders(), container.cards(), container.payments()
    emails = container.emails()
    cancel_order = CancelOrder(orders, queue, emails, unit_of_work)
    await queue.register_job_func(
        CollectPaymentFunc(orders, cards, payments, emails, unit_of_work),
        timeout=_CARDS_TIMEOUT,
    )
    await queue.register_job_func(
        CheckFraudFunc(orders, cards, cancel_order, queue, unit_of_work),
        timeout=_CARDS_TIMEOUT,
    )
    await queue.register_job_func(CancelIfUnpaidFunc(orders, cancel_order, unit_of_work))
