"""What is true of an order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.orders import CancelReason, Country, InvalidOrder, Money, OrderClosed, OrderState
from tests.unit.orders.furniture import CRUNCHY_ARMCHAIR, NOON, SIX_SOFAS, SLEEPY_LAMPS, an_order, euros

GERMANY, NIGERIA = Country("DE"), Country("NG")


class TestMoney:
    """Euros and cents."""

    def test_adds_and_multiplies_to_the_cent(self) -> None:
        """No cent is lost or made up."""
        assert euros("389.90") + euros("24.95") * 4 == euros("489.70")

    @pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity", "1e12", "1e40"])
    def test_refuses_what_is_no_amount(self, amount: str) -> None:
        """Debts, parts of a cent, more than there is, and no numbers at all."""
        with pytest.raises(InvalidOrder):
            Money(Decimal(amount))

    def test_reads_as_a_price(self) -> None:
        """Letters show it like that."""
        assert str(euros("1234567.8")) == "1,234,567.80 €"


class TestPlacing:
    """What can be ordered."""

    def test_total_is_that_of_all_lines(self) -> None:
        """Pieces times price, over all lines."""
        assert an_order(CRUNCHY_ARMCHAIR, SLEEPY_LAMPS).total == euros("489.70")

    @pytest.mark.parametrize("pieces", [-1, 0, 1000])
    def test_a_line_has_a_sensible_number_of_pieces(self, pieces: int) -> None:
        """Nobody orders none, or a thousand."""
        with pytest.raises(InvalidOrder, match="SLEEPY-LAMP"):
            replace(SLEEPY_LAMPS, pieces=pieces)

    def test_needs_a_line(self) -> None:
        """An order for nothing is refused."""
        with pytest.raises(InvalidOrder, match="no lines"):
            replace(an_order(), lines=())

    def test_has_one_line_for_an_article(self) -> None:
        """Two lines for one article are refused."""
        with pytest.raises(InvalidOrder, match="two lines"):
            an_order(SLEEPY_LAMPS, SLEEPY_LAMPS)

    def test_is_paid_after_it_was_placed(self) -> None:
        """There is time to pay."""
        with pytest.raises(InvalidOrder, match="before it was placed"):
            replace(an_order(), pay_by=NOON)


class TestClosing:
    """An order is paid or cancelled, once."""

    def test_is_open_at_first(self) -> None:
        """It waits for the money."""
        assert an_order().is_open

    def test_paid(self) -> None:
        """Paying closes it, and leaves the order that was as it was."""
        order = an_order()

        paid = order.paid()

        assert (paid.state, paid.is_open, order.is_open) == (OrderState.PAID, False, True)

    def test_cancelled(self) -> None:
        """Cancelling closes it, with a reason."""
        cancelled = an_order().cancelled(CancelReason.UNPAID)

        assert (cancelled.state, cancelled.cancel_reason) == (OrderState.CANCELLED, CancelReason.UNPAID)

    def test_has_a_reason_if_and_only_if_it_is_cancelled(self) -> None:
        """Nobody is told that an order was cancelled without being told why."""
        with pytest.raises(InvalidOrder, match="reason"):
            replace(an_order(), state=OrderState.CANCELLED)
        with pytest.raises(InvalidOrder, match="reason"):
            replace(an_order(), cancel_reason=CancelReason.FRAUD)

    def test_stays_as_it_was_closed(self) -> None:
        """Neither can follow the other, or itself."""
        for closed in (an_order().paid(), an_order().cancelled(CancelReason.FRAUD)):
            with pytest.raises(OrderClosed):
                closed.paid()
            with pytest.raises(OrderClosed):
                closed.cancelled(CancelReason.UNPAID)


class TestSuspicion:
    """Expensive orders."""

    def test_expensive_is_suspicious(self) -> None:
        """Six sofas are, one armchair is not."""
        assert an_order(SIX_SOFAS).is_suspicious
        assert not an_order(CRUNCHY_ARMCHAIR).is_suspicious

    def test_fraud_is_expensive_and_from_elsewhere(self) -> None:
        """Both must come together."""
        assert an_order(SIX_SOFAS).is_fraud(card_issued_in=NIGERIA)
        assert not an_order(SIX_SOFAS).is_fraud(card_issued_in=GERMANY)
        assert not an_order(CRUNCHY_ARMCHAIR).is_fraud(card_issued_in=NIGERIA)
