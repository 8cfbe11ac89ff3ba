"""A shop for each test."""

import pytest

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
from domain.jobs import JobFunc
from tests.unit.orders.shop import Shop


@pytest.fixture
def shop() -> Shop:
    """Return a shop where nobody works yet."""
    return Shop()


@pytest.fixture
async def staffed_shop(shop: Shop) -> Shop:
    """Return a shop that does its jobs when it is told to."""
    cancel = CancelOrder(shop.orders, shop.queue, shop.emails, shop.unit_of_work)
    jobs: list[JobFunc] = [
        CollectPaymentFunc(shop.orders, shop.cards, shop.payments, shop.emails, shop.unit_of_work),
        CheckFraudFunc(shop.orders, shop.cards, cancel, shop.queue, shop.unit_of_work),
        CancelIfUnpaidFunc(shop.orders, cancel, shop.unit_of_work),
        ReserveStockFunc(shop.stock),
        ReturnStockFunc(shop.stock),
    ]
    for job_func in jobs:
        await shop.queue.register_job_func(job_func)
    await shop.emails.register_job_func(SendReceiptFunc(shop.mail))
    await shop.emails.register_job_func(SendCancellationFunc(shop.mail))
    return shop
