"""A payment provider's sandbox: no money moves, but it fails as the real one does."""

import asyncio
from random import Random

from domain.jobs import current_job
from domain.orders import CardDeclined, Cards, CardsUnavailable, CardToken, Country, Money


class SandboxCards(Cards):
    """Knows what a card does by its token: `tok_de_8c1f03` is from Germany, `tok_de_declined_8c1f03` declined.

    Now and then nobody answers. That depends on the card and the attempt alone, so it happens in each run
    alike. It takes its time to answer, as a network does.
    """

    def __init__(self, *, failing: float = 0.08, seconds: tuple[float, float] = (0.03, 0.07)) -> None:
        """Fail the share `failing` of all charges, and answer within a range of seconds."""
        self._failing = failing
        self._seconds = seconds

    async def charge(self, card: CardToken, amount: Money, *, idempotency_key: str) -> None:  # noqa: ARG002
        random = Random(f"{card} {current_job().attempt}")  # noqa: S311  # repeatable, not secret
        await asyncio.sleep(random.uniform(*self._seconds))
        if "_declined_" in card:
            msg = f"the card was declined: {amount} were not charged"
            raise CardDeclined(msg)
        if random.random() < self._failing:
            msg = "the payment provider did not answer"
            raise CardsUnavailable(msg)

    async def void(self, *, idempotency_key: str) -> None:
        """Do nothing: no money moved."""

    async def issued_in(self, card: CardToken) -> Country:
        await asyncio.sleep(self._seconds[0])
        return Country(card.split("_")[1].upper())
