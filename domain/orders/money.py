"""Amounts of money."""

from dataclasses import dataclass
from decimal import Decimal

from domain.orders.errors import InvalidOrder

_CENT = Decimal("0.01")


@dataclass(frozen=True, order=True)
class Money:
    """An amount in euros, to the cent and never negative.

    Raises `InvalidOrder` for any other amount.
    """

    amount: Decimal

    def __post_init__(self) -> None:
        if not (self.amount.is_finite() and self.amount >= 0 and self.amount == self.amount.quantize(_CENT)):
            msg = f"{self.amount} is not an amount of euros and cents"
            raise InvalidOrder(msg)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.amount)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times)

    def __str__(self) -> str:
        return f"{self.amount:,.2f} €"
