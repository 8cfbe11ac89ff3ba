"""One position of an order."""

from dataclasses import dataclass

from domain.orders.errors import InvalidOrder
from domain.orders.money import Money
from domain.orders.names import Article

_MOST_PIECES = 999


@dataclass(frozen=True)
class OrderLine:
    """So many pieces of one article, at the price of the day.

    Raises `InvalidOrder` for a number of pieces that nobody orders.
    """

    article: Article
    pieces: int
    unit_price: Money

    def __post_init__(self) -> None:
        if not 1 <= self.pieces <= _MOST_PIECES:
            msg = f"{self.pieces} pieces of {self.article} cannot be ordered, 1 to {_MOST_PIECES} can"
            raise InvalidOrder(msg)

    @property
    def total(self) -> Money:
        """What the pieces cost together."""
        return self.unit_price * self.pieces
