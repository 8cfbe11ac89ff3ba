"""The file that the demo reads."""

from datetime import UTC, datetime, timedelta

from domain.orders import OrderId
from infrastructure.demo.order_file import OrderFile


def test_holds_orders_that_can_be_placed() -> None:
    """Each of them once, and of every kind the demo wants to show."""
    orders = list(OrderFile().placed_now(timedelta(seconds=7)))

    assert len(orders) == len({order.id for order in orders}) == len(OrderFile()) == 2000
    assert any(order.is_suspicious for order in orders)
    assert any("_declined_" in order.card for order in orders)
    assert any(len(order.lines) > 1 for order in orders)


def test_orders_are_placed_when_they_are_asked_for() -> None:
    """Each has its full time to be paid."""
    orders = OrderFile(limit=2).placed_now(timedelta(seconds=7))
    first = next(orders)
    between = datetime.now(UTC)
    second = next(orders)

    assert first.placed_at <= between <= second.placed_at
    assert first.pay_by - first.placed_at == timedelta(seconds=7)
    assert first.id == OrderId("R-2025-104219")


def test_can_be_cut_short() -> None:
    """To the first orders."""
    assert len(OrderFile(limit=25)) == 25
    assert str(OrderFile()) == "docs/demo/orders.csv"
