"""The whole shop in memory, at a time that stands still."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from adapters.memory import InMemoryDatabase, InMemoryQueue, InMemoryUnitOfWork, ManualClock
from adapters.memory.orders import (
    InMemoryMail,
    InMemoryOrders,
    InMemoryPayments,
    InMemoryStock,
    Letter,
    Payment,
    StockMovement,
)
from application.orders import PlaceOrder
from domain.orders import CardDeclined, Cards, CardsUnavailable, CardToken, Country, Money, Order, OrderId
from tests.unit.orders.furniture import DECLINED_CARD, NIGERIAN_CARD


class PaperCards(Cards):
    """Charges on paper: everybody can read who was charged with which key."""

    def __init__(self) -> None:
        self.charges: dict[str, Money] = {}
        self.silent_for = 0

    async def charge(self, card: CardToken, amount: Money, *, idempotency_key: str) -> None:
        """Charge, unless the card is the declined one, or nobody is there."""
        if self.silent_for:
            self.silent_for -= 1
            raise CardsUnavailable
        if card == DECLINED_CARD:
            msg = "no money left"
            raise CardDeclined(msg)
        self.charges[idempotency_key] = amount

    async def void(self, *, idempotency_key: str) -> None:
        """Strike the charge out."""
        self.charges.pop(idempotency_key, None)

    async def issued_in(self, card: CardToken) -> Country:
        """Return where a card is from."""
        return Country("NG" if card == NIGERIAN_CARD else "DE")


class Shop:
    """The application and its adapters."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.database = InMemoryDatabase(self.clock)
        self.unit_of_work = InMemoryUnitOfWork(self.database)
        self.queue = InMemoryQueue(self.database)
        self.emails = InMemoryQueue(self.database, "emails")
        self.orders = InMemoryOrders(self.unit_of_work)
        self.mail = InMemoryMail(self.unit_of_work)
        self.stock = InMemoryStock(self.unit_of_work)
        self.payments = InMemoryPayments(self.unit_of_work)
        self.cards = PaperCards()

    @cached_property
    def place_order(self) -> PlaceOrder:
        """The use case."""
        return PlaceOrder(self.orders, self.queue, self.unit_of_work)

    async def work_all(self) -> None:
        """Run every job that can run now."""
        while await self.queue.work_all() + await self.emails.work_all():
            pass

    async def order(self, order_id: OrderId) -> Order:
        """Return an order as everybody sees it."""
        return await self.orders.get(order_id)

    def letters(self) -> list[Letter]:
        """Return all letters sent."""
        return self._rows("letters")

    def booked(self) -> list[Payment]:
        """Return all payments booked."""
        return self._rows("payments")

    def movements(self) -> list[tuple[str, int]]:
        """Return what went out of the stock and came back, in the order of the articles."""
        rows: Iterable[StockMovement] = self._rows("stock_movements")
        return sorted((row.article, row.pieces) for row in rows)

    def _rows(self, table: str) -> list[Any]:
        return list(self.database.rows(table).values())
