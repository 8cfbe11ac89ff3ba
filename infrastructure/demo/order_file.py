"""The orders of the demo, from a file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from domain.orders import Article, CardToken, Country, CustomerId, Money, Order, OrderId, OrderLine

ROOT = Path(__file__).parents[2]

_Row = dict[str, str]


@dataclass(frozen=True)
class OrderFile:
    """A CSV file with a row for each line of an order, the rows of an order together."""

    path: Path = ROOT / "docs" / "demo" / "orders.csv"
    limit: int | None = None
    """Only so many orders, from the beginning."""

    def __len__(self) -> int:
        return sum(1 for _ in self._orders())

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path)

    def placed_now(self, pay_within: timedelta) -> Iterator[Order]:
        """Go through the orders; each is placed at the moment it is asked for."""
        for rows in self._orders():
            now = datetime.now(UTC)
            yield _order(rows, placed_at=now, pay_by=now + pay_within)

    def _orders(self) -> Iterator[list[_Row]]:
        with self.path.open(newline="", encoding="utf-8") as file:
            orders = groupby(csv.DictReader(file), key=itemgetter("order"))
            for _, rows in islice(orders, self.limit):
                yield list(rows)


def _order(rows: list[_Row], placed_at: datetime, pay_by: datetime) -> Order:
    first = rows[0]
    return Order(
        id=OrderId(first["order"]),
        customer=CustomerId(first["customer"]),
        ship_to=Country(first["ship_to"]),
        card=CardToken(first["card"]),
        lines=tuple(_lines(rows)),
        placed_at=placed_at,
        pay_by=pay_by,
    )


def _lines(rows: Iterable[_Row]) -> Iterator[OrderLine]:
    for row in rows:
        yield OrderLine(Article(row["article"]), int(row["pieces"]), Money(Decimal(row["unit_price"])))
