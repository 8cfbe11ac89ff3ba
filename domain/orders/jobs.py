"""What the shop does in the background. Jobs are plain dataclasses: the queue takes them as they are."""

from dataclasses import dataclass

from domain.orders.money import Money
from domain.orders.names import CardToken, OrderId
from domain.orders.order import CancelReason
from domain.orders.order_line import OrderLine


@dataclass(frozen=True)
class SendReceipt:
    """Write to the customer that the order is paid."""

    order_id: OrderId
    total: Money


@dataclass(frozen=True)
class SendCancellation:
    """Write to the customer that nothing will come, and why."""

    order_id: OrderId
    reason: CancelReason


@dataclass(frozen=True)
class ReserveStock:
    """Set aside what was ordered."""

    order_id: OrderId
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True)
class ReturnStock:
    """Put back what had been set aside."""

    order_id: OrderId
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True)
class CollectPayment:
    """Charge the customer's card."""

    order_id: OrderId


@dataclass(frozen=True)
class CheckFraud:
    """See whether the card is the customer's, before it is charged."""

    order_id: OrderId
    card: CardToken


@dataclass(frozen=True)
class CancelIfUnpaid:
    """Cancel the order if it is not paid by now."""

    order_id: OrderId
