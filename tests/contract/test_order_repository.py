"""The example's orders, on every adapter."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from adapters.postgres.orders import create_tables
from domain.jobs import UnitOfWorkFailed
from domain.orders import CancelReason, Order, OrderExists, OrderNotFound
from infrastructure.containers import ApplicationContainer, MemoryContainer, PostgresContainer
from infrastructure.settings import PostgresSettings
from tests.unit.orders.furniture import SIX_SOFAS, an_order
from tests.worlds.isolation import apart


class Regret(Exception):
    """Somebody thought better of it."""


@pytest.fixture(params=["memory", "postgres"])
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[ApplicationContainer]:
    """Yield an application whose tables are empty."""
    if request.param == "memory":
        yield MemoryContainer()
        return
    dsn = SecretStr(request.getfixturevalue("database_dsn"))
    container = PostgresContainer(settings=PostgresSettings(dsn=dsn))
    async with container.resources():
        await create_tables(container.pool())
        await create_tables(container.pool())  # a second time changes nothing
        yield container


async def test_gives_back_what_was_added(shop: ApplicationContainer) -> None:
    """To the cent and the microsecond, with its lines in their order."""
    order = an_order(placed_at=datetime(2026, 1, 1, 12, 30, 15, 123456, UTC))

    await shop.orders().add(order)

    assert await shop.orders().get(order.id) == order


@pytest.mark.parametrize("closed", [an_order().paid(), an_order().cancelled(CancelReason.FRAUD)])
async def test_keeps_what_became_of_it(shop: ApplicationContainer, closed: Order) -> None:
    """The order as it is now takes the place of what it was."""
    await shop.orders().add(an_order())

    await shop.orders().update(closed)

    assert await shop.orders().get(closed.id) == closed


async def test_tells_orders_apart(shop: ApplicationContainer) -> None:
    """Changing one leaves the others alone."""
    sofas, armchair = an_order(SIX_SOFAS, number=1001), an_order(number=1002)
    await shop.orders().add(sofas)
    await shop.orders().add(armchair)

    await shop.orders().update(armchair.paid())

    assert await shop.orders().get(sofas.id) == sofas


async def test_adds_an_order_once(shop: ApplicationContainer) -> None:
    """The second one changes nothing."""
    await shop.orders().add(an_order())

    with pytest.raises(OrderExists, match="R-2026-1001"):
        await shop.orders().add(an_order(SIX_SOFAS))

    assert await shop.orders().get(an_order().id) == an_order()


async def test_says_what_it_does_not_know(shop: ApplicationContainer) -> None:
    """Neither getting nor changing makes an order up."""
    with pytest.raises(OrderNotFound, match="R-2026-1001"):
        await shop.orders().get(an_order().id)
    with pytest.raises(OrderNotFound, match="R-2026-1001"):
        await shop.orders().update(an_order().paid())


async def test_joins_the_unit_of_work(shop: ApplicationContainer) -> None:
    """What is rolled back was never there."""

    async def add_and_regret() -> None:
        async with shop.unit_of_work():
            await shop.orders().add(an_order())
            assert await shop.orders().get(an_order().id) == an_order()
            raise Regret

    with pytest.raises(Regret):
        await apart(add_and_regret())

    with pytest.raises(OrderNotFound):
        await shop.orders().get(an_order().id)


async def test_two_who_close_an_order_do_not_both_succeed(shop: ApplicationContainer) -> None:
    """The second one waits and sees that it is closed, or fails to commit."""
    await shop.orders().add(an_order())
    both_want_to = asyncio.Barrier(2)

    async def close(reason: CancelReason) -> bool:
        await both_want_to.wait()
        async with shop.unit_of_work():
            order = await shop.orders().get(an_order().id)
            await asyncio.sleep(0)
            if order.is_open:
                await shop.orders().update(order.cancelled(reason))
            return order.is_open

    outcomes = await asyncio.gather(*(apart(close(reason)) for reason in CancelReason), return_exceptions=True)

    assert outcomes.count(True) == 1
    assert all(outcome in (True, False) or isinstance(outcome, UnitOfWorkFailed) for outcome in outcomes)
    winner = list(CancelReason)[outcomes.index(True)]
    assert await shop.orders().get(an_order().id) == an_order().cancelled(winner)


async def test_placing_is_one_commit(shop: ApplicationContainer) -> None:
    """An order that exists already leaves no jobs."""
    order = an_order(placed_at=datetime.now(UTC) + timedelta(days=1))
    await shop.place_order()(order)
    before = await shop.inspection().counts()

    with pytest.raises(OrderExists):
        await shop.place_order()(order)

    assert sum(before.values()) == 3
    assert await shop.inspection().counts() == before
