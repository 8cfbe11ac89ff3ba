"""Which job func runs the jobs of which queue, and how patiently."""

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
from domain.jobs import Queue
from infrastructure.containers import ApplicationContainer

_CARDS_TIMEOUT = timedelta(seconds=30)


async def register_job_funcs(container: ApplicationContainer) -> tuple[Queue, ...]:
    """Let this process run every job of the application. Returns the queues that do."""
    await _register_letters(container)
    await _register_stock_keeping(container)
    await _register_payment(container)
    return container.queue(), container.emails()


async def _register_letters(container: ApplicationContainer) -> None:
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
    cancel_order = CancelOrder(orders, queue, container.emails(), unit_of_work)
    await queue.register_job_func(
        CollectPaymentFunc(orders, cards, payments, unit_of_work),
        timeout=_CARDS_TIMEOUT,
    )
    await queue.register_job_func(
        CheckFraudFunc(orders, cards, cancel_order, queue, unit_of_work),
        timeout=_CARDS_TIMEOUT,
    )
    await queue.register_job_func(CancelIfUnpaidFunc(orders, cancel_order, unit_of_work))
