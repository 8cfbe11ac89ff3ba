"""What becomes of an order in the background."""

from datetime import timedelta

from adapters.memory import InMemoryInspection
from adapters.memory.orders import Letter, Payment
from domain.jobs import JobState
from domain.orders import CancelReason, CollectPayment, OrderState
from tests.unit.orders.furniture import (
    DECLINED_CARD,
    NIGERIAN_CARD,
    PAY_WITHIN,
    SIX_SOFAS,
    an_order,
    euros,
)
from tests.unit.orders.shop import Shop


class TestPaying:
    """Charging cards."""

    async def test_charges_the_card_and_books_the_payment(self, staffed_shop: Shop) -> None:
        """The order is paid then."""
        await staffed_shop.place_order(an_order())

        await staffed_shop.work_all()

        assert (await staffed_shop.order(an_order().id)).state is OrderState.PAID
        assert staffed_shop.booked() == [Payment(an_order().id, euros("489.70"))]
        assert staffed_shop.letters() == [Letter(an_order().id, "receipt", "489.70 €")]
        assert list(staffed_shop.cards.charges.values()) == [euros("489.70")]

    async def test_tries_again_where_nobody_answers(self, staffed_shop: Shop) -> None:
        """The second attempt has the same key, and pays the order."""
        staffed_shop.cards.silent_for = 1
        await staffed_shop.place_order(an_order())

        await staffed_shop.work_all()
        assert staffed_shop.booked() == []
        staffed_shop.clock.advance(timedelta(seconds=10))
        await staffed_shop.work_all()

        assert len(staffed_shop.booked()) == 1
        assert (await staffed_shop.order(an_order().id)).state is OrderState.PAID

    async def test_gives_a_declined_card_up(self, staffed_shop: Shop) -> None:
        """The job is dead at once, nobody gets a receipt, and the order waits for the day it is due."""
        await staffed_shop.place_order(an_order(card=DECLINED_CARD))

        await staffed_shop.work_all()

        assert (await InMemoryInspection(staffed_shop.database).counts())[JobState.DEAD] == 1
        assert (await staffed_shop.order(an_order().id)).is_open
        assert (staffed_shop.booked(), staffed_shop.letters()) == ([], [])

    async def test_does_not_charge_for_a_cancelled_order(self, staffed_shop: Shop) -> None:
        """What an attempt that died may have charged is given back."""
        await staffed_shop.orders.add(an_order().cancelled(CancelReason.UNPAID))
        job_id = await staffed_shop.queue.enqueue(CollectPayment(an_order().id))
        staffed_shop.cards.charges[f"job-{job_id}"] = euros("489.70")

        await staffed_shop.work_all()

        assert staffed_shop.cards.charges == {}
        assert staffed_shop.booked() == []


class TestCancelling:
    """Orders that come to nothing."""

    async def test_an_unpaid_order_is_cancelled_when_it_is_due(self, staffed_shop: Shop) -> None:
        """Its goods go back, and its customer is told."""
        order = an_order(card=DECLINED_CARD)
        await staffed_shop.place_order(order)
        await staffed_shop.work_all()

        staffed_shop.clock.advance(PAY_WITHIN)
        await staffed_shop.work_all()

        assert await staffed_shop.order(order.id) == order.cancelled(CancelReason.UNPAID)
        assert staffed_shop.letters() == [Letter(order.id, "cancellation", "not paid in time")]
        assert staffed_shop.movements() == [
            ("CRUNCHY-ARMCHAIR", -1),
            ("CRUNCHY-ARMCHAIR", 1),
            ("SLEEPY-LAMP", -4),
            ("SLEEPY-LAMP", 4),
        ]

    async def test_a_paid_order_stays_paid(self, staffed_shop: Shop) -> None:
        """The check finds nothing to do."""
        await staffed_shop.place_order(an_order())
        await staffed_shop.work_all()

        staffed_shop.clock.advance(PAY_WITHIN)
        await staffed_shop.work_all()

        assert (await staffed_shop.order(an_order().id)).state is OrderState.PAID
        assert [letter.kind for letter in staffed_shop.letters()] == ["receipt"]
        staffed_shop.queue.assert_that.empty()


class TestFraud:
    """Suspicious orders."""

    async def test_cancels_what_looks_like_fraud(self, staffed_shop: Shop) -> None:
        """The card is not charged."""
        order = an_order(SIX_SOFAS, card=NIGERIAN_CARD)
        await staffed_shop.place_order(order)

        await staffed_shop.work_all()

        assert await staffed_shop.order(order.id) == order.cancelled(CancelReason.FRAUD)
        assert staffed_shop.cards.charges == {}

    async def test_has_the_others_paid(self, staffed_shop: Shop) -> None:
        """An expensive order from at home is a good order."""
        order = an_order(SIX_SOFAS)
        await staffed_shop.place_order(order)

        await staffed_shop.work_all()

        assert await staffed_shop.order(order.id) == order.paid()

    async def test_leaves_alone_what_is_cancelled_already(self, staffed_shop: Shop) -> None:
        """A check that comes late changes nothing."""
        order = an_order(SIX_SOFAS)
        await staffed_shop.place_order(order)
        await staffed_shop.orders.update(order.cancelled(CancelReason.UNPAID))

        await staffed_shop.work_all()

        assert await staffed_shop.order(order.id) == order.cancelled(CancelReason.UNPAID)
        assert staffed_shop.booked() == []


class TestStock:
    """What follows from every order."""

    async def test_sets_the_goods_aside(self, staffed_shop: Shop) -> None:
        """Once each."""
        await staffed_shop.place_order(an_order())

        await staffed_shop.work_all()

        assert staffed_shop.movements() == [("CRUNCHY-ARMCHAIR", -1), ("SLEEPY-LAMP", -4)]
