"""Orders to test with."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.orders import Article, CardToken, Country, CustomerId, Money, Order, OrderId, OrderLine

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAY_WITHIN = timedelta(hours=2)

GERMAN_CARD = CardToken("tok_de_8c1f03")
NIGERIAN_CARD = CardToken("tok_ng_77aa10")
DECLINED_CARD = CardToken("tok_de_declined_5f2a91")


def euros(amount: str) -> Money:
    """Return an amount."""
    return Money(Decimal(amount))


CRUNCHY_ARMCHAIR = OrderLine(Article("CRUNCHY-ARMCHAIR"), 1, euros("389.90"))
SLEEPY_LAMPS = OrderLine(Article("SLEEPY-LAMP"), 4, euros("24.95"))
SIX_SOFAS = OrderLine(Article("RECKLESS-SOFA"), 6, euros("1099.00"))


def an_order(
    *lines: OrderLine,
    number: int = 1001,
    card: CardToken = GERMAN_CARD,
    placed_at: datetime = NOON,
) -> Order:
    """Return an order of somebody in Germany, for an armchair and lamps if nothing else is said."""
    return Order(
        id=OrderId(f"R-2026-{number}"),
        customer=CustomerId("C-48213"),
        ship_to=Country("DE"),
        card=card,
        lines=lines or (CRUNCHY_ARMCHAIR, SLEEPY_LAMPS),
        placed_at=placed_at,
        pay_by=placed_at + PAY_WITHIN,
    )
