"""Amounts of money."""

from dataclasses import dataclass
from decimal import Decimal

from domain.orders.errors import InvalidOrder

_CENT = Decimal("0.01")
_TOO_MUCH = Decimal(10) ** 12


@dataclass(frozen=True, order=True)
class Money:
    """An amount in euros, to the cent, never negative, and less than a trillion.

    Raises `InvalidOrder` for any other amount.
    """

    amount: Decimal

    def __post_init__(self) -> None:
        sensible = self.amount.is_finite() and 0 <= self.amount < _TOO_MUCH
        if not (sensible and self.amount == self.amount.quantize(_CENT)):
            msg = f"{self.amount} is not an amount of euros and cents"
            raise InvalidOrder(msg)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.amount)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times)

    def __str__(self) -> str:
        return f"{self.amount:,.2f} €"
