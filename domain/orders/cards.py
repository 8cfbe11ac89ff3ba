"""The port to those who issue cards. They are elsewhere: what happens there is in no transaction of ours."""

from abc import abstractmethod
from typing import Protocol

from domain.orders.errors import OrderError
from domain.orders.money import Money
from domain.orders.names import CardToken, Country


class CardDeclined(OrderError):
    """The card will not be charged, however often it is tried."""


class CardsUnavailable(OrderError):
    """Nobody answers. Perhaps later."""


class Cards(Protocol):
    """Charges cards, and knows where they are from."""

    @abstractmethod
    async def charge(self, card: CardToken, amount: Money, *, idempotency_key: str) -> None:
        """Charge a card; with the same key again, it is charged no second time.

        Raises `CardDeclined`, or `CardsUnavailable`: then it is not known whether it was charged.
        """

    @abstractmethod
    async def void(self, *, idempotency_key: str) -> None:
        """Undo the charge with this key, if there ever was one. Raises `CardsUnavailable`."""

    @abstractmethod
    async def issued_in(self, card: CardToken) -> Country:
        """Return the country a card is from. Raises `CardsUnavailable`."""
