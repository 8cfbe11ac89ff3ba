"""The order: what is true of it, and what can happen to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.orders.errors import InvalidOrder, OrderClosed
from domain.orders.money import Money
from domain.orders.names import CardToken, Country, CustomerId, OrderId
from domain.orders.order_line import OrderLine

_SUSPICIOUS_FROM = Money(Decimal(2000))


class OrderState(StrEnum):
    """Where an order stands. Once paid or cancelled, it stays so."""

    PLACED = "placed"
    PAID = "paid"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an order was cancelled, as the customer is told."""

    UNPAID = "not paid in time"
    FRAUD = "the card could not be verified"


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order of a customer. It never changes: what happens to it makes a new one.

    Raises `InvalidOrder` where it cannot be: it has no lines, or the same article twice, is to be paid
    before it was placed, or is cancelled without a reason or has one and is not.
    """

    id: OrderId
    customer: CustomerId
    ship_to: Country
    card: CardToken
    lines: tuple[OrderLine, ...]
    placed_at: datetime
    pay_by: datetime
    state: OrderState = OrderState.PLACED
    cancel_reason: CancelReason | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            msg = f"order {self.id} has no lines"
            raise InvalidOrder(msg)
        if len({line.article for line in self.lines}) < len(self.lines):
            msg = f"order {self.id} has two lines for one article"
            raise InvalidOrder(msg)
        if self.pay_by <= self.placed_at:
            msg = f"order {self.id} is to be paid before it was placed"
            raise InvalidOrder(msg)
        if (self.state is OrderState.CANCELLED) != (self.cancel_reason is not None):
            msg = f"order {self.id} is {self.state}, with the reason {self.cancel_reason}"
            raise InvalidOrder(msg)

    @property
    def total(self) -> Money:
        """What all lines cost together."""
        return sum((line.total for line in self.lines), Money(Decimal(0)))

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be paid."""
        return self.state is OrderState.PLACED

    @property
    def is_suspicious(self) -> bool:
        """Whether somebody should look at it before the card is charged: it is expensive."""
        return self.total >= _SUSPICIOUS_FROM

    def is_fraud(self, card_issued_in: Country) -> bool:
        """Whether to believe that the card is not the customer's: expensive, and from somewhere else."""
        return self.is_suspicious and card_issued_in != self.ship_to

    def paid(self) -> "Order":
        """Return the order as paid. Raises `OrderClosed`."""
        self._expect_open()
        return replace(self, state=OrderState.PAID)

    def cancelled(self, reason: CancelReason) -> "Order":
        """Return the order as cancelled. Raises `OrderClosed`."""
        self._expect_open()
        return replace(self, state=OrderState.CANCELLED, cancel_reason=reason)

    def _expect_open(self) -> None:
        if not self.is_open:
            raise OrderClosed(self.id, self.state)
