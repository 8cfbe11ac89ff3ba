"""Placing an order."""

import pytest

from domain.orders import (
    CancelIfUnpaid,
    CheckFraud,
    CollectPayment,
    OrderExists,
    OrderNotFound,
    ReserveStock,
)
from tests.unit.orders.furniture import GERMAN_CARD, SIX_SOFAS, an_order
from tests.unit.orders.shop import Shop


class Regret(Exception):
    """Somebody thought better of it."""


async def test_keeps_the_order(shop: Shop) -> None:
    """It is there afterwards, as it was placed."""
    order = an_order()

    await shop.place_order(order)

    assert await shop.order(order.id) == order


async def test_leaves_the_rest_to_the_background(shop: Shop) -> None:
    """The payment, the goods, and a look at whether it was paid."""
    order = an_order()

    await shop.place_order(order)

    shop.queue.assert_that.contains(ReserveStock(order.id, order.lines))
    shop.queue.assert_that.pushed(CollectPayment, 1)
    shop.queue.assert_that.pushed(CancelIfUnpaid, 1)
    shop.queue.assert_that.total(3)
    shop.emails.assert_that.empty()


async def test_the_check_for_payment_waits_until_it_is_due(shop: Shop) -> None:
    """It comes last, and not before its time."""
    await shop.place_order(an_order())

    assert shop.queue.jobs()[-1] == CancelIfUnpaid(an_order().id)
    assert [job.run_at for job in shop.database.jobs if job.type.endswith("CancelIfUnpaid")] == [an_order().pay_by]


async def test_a_suspicious_order_is_looked_at_first(shop: Shop) -> None:
    """The check overtakes jobs that were there before, and nothing is charged before it."""
    await shop.place_order(an_order(number=1001))
    await shop.place_order(an_order(SIX_SOFAS, number=1002))

    assert shop.queue.get_first() == CheckFraud(an_order(number=1002).id, GERMAN_CARD)
    shop.queue.assert_that.pushed(CollectPayment, 1)


async def test_an_order_is_placed_once(shop: Shop) -> None:
    """The second time nothing happens: no order, and no job."""
    await shop.place_order(an_order())

    with pytest.raises(OrderExists, match="R-2026-1001"):
        await shop.place_order(an_order())

    shop.queue.assert_that.total(3)


async def test_joins_the_unit_of_work_of_its_caller(shop: Shop) -> None:
    """Rolled back with it, neither the order nor its jobs were ever there."""

    async def place_and_regret() -> None:
        async with shop.unit_of_work:
            await shop.place_order(an_order())
            raise Regret

    with pytest.raises(Regret):
        await place_and_regret()

    with pytest.raises(OrderNotFound):
        await shop.order(an_order().id)
    shop.queue.assert_that.empty()
