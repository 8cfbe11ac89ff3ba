"""The sandbox fails as the real world does, and in each run alike."""

from dataclasses import dataclass

import pytest

from adapters.memory import InMemoryQueue
from adapters.memory.orders import SandboxCards
from domain.jobs import NoCurrentJob
from domain.orders import CardDeclined, CardsUnavailable, CardToken, Country
from tests.unit.orders.furniture import DECLINED_CARD, GERMAN_CARD, NIGERIAN_CARD, euros

AT_ONCE = (0.0, 0.0)


@dataclass(frozen=True)
class Charge:
    """Charge a card."""

    card: str


async def _answers(failing: float, *cards: CardToken) -> list[str]:
    sandbox, answers = SandboxCards(failing=failing, seconds=AT_ONCE), list[str]()

    async def charge(job: Charge) -> None:
        try:
            await sandbox.charge(CardToken(job.card), euros("19.90"), idempotency_key="key")
        except (CardDeclined, CardsUnavailable) as error:
            answers.append(type(error).__name__)
        else:
            answers.append("charged")

    queue = InMemoryQueue()
    await queue.register_job_func(charge)
    await queue.enqueue([Charge(card) for card in cards])
    await queue.work_all()
    return answers


async def test_a_card_does_what_its_token_says() -> None:
    """Declined is declined."""
    assert await _answers(0.0, GERMAN_CARD, DECLINED_CARD) == ["charged", "CardDeclined"]


async def test_fails_now_and_then_and_each_time_alike() -> None:
    """About as often as asked, and not by chance."""
    cards = [CardToken(f"tok_de_{number}") for number in range(200)]

    answers = await _answers(0.2, *cards)

    assert 20 <= answers.count("CardsUnavailable") <= 60
    assert await _answers(0.2, *cards) == answers


async def test_knows_where_a_card_is_from() -> None:
    """By its token."""
    assert await SandboxCards(seconds=AT_ONCE).issued_in(NIGERIAN_CARD) == Country("NG")


async def test_charges_only_in_a_job() -> None:
    """It asks for the attempt."""
    with pytest.raises(NoCurrentJob):
        await SandboxCards(seconds=AT_ONCE).charge(GERMAN_CARD, euros("1.00"), idempotency_key="key")
