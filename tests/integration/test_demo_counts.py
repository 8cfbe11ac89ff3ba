"""The demo's count finds what is lost and what is doubled: otherwise its zeros would mean nothing."""

import asyncpg
import pytest

from adapters.memory import InMemoryDatabase, InMemoryInspection, InMemoryUnitOfWork
from adapters.memory.orders import InMemoryMail, InMemoryOrders, InMemoryPayments, InMemoryStock
from adapters.postgres import PostgresInspection, PostgresUnitOfWork
from adapters.postgres.orders import PostgresMail, PostgresOrders, PostgresPayments, PostgresStock, create_tables
from domain.orders import CancelReason, Mail, Orders, Payments, Stock
from infrastructure.demo import memory_report, postgres_report
from infrastructure.demo.report import EffectCount, Report
from tests.unit.orders.furniture import an_order, euros

PAID, CANCELLED, OPEN = an_order(number=1001), an_order(number=1002), an_order(number=1003)


async def _do_it_badly(orders: Orders, mail: Mail, stock: Stock, payments: Payments) -> None:
    """Three orders of four; two receipts, for who did not pay; a payment nobody owes; goods that did not come back."""
    await orders.add(PAID.paid())
    await orders.add(CANCELLED.cancelled(CancelReason.UNPAID))
    await orders.add(OPEN)
    for _ in range(2):
        await mail.send_receipt(CANCELLED.id, CANCELLED.total)
    for order in (PAID, CANCELLED, OPEN):
        await stock.set_aside(order.id, order.lines)
    await stock.put_back(CANCELLED.id, CANCELLED.lines[:1])
    await payments.book(PAID.id, PAID.total)
    await payments.book(CANCELLED.id, euros("0.01"))
    await mail.send_cancellation(CANCELLED.id, CancelReason.UNPAID)


@pytest.fixture(params=["memory", "postgres"])
async def report(request: pytest.FixtureRequest) -> Report:
    """Return what is counted of it."""
    if request.param == "memory":
        database = InMemoryDatabase()
        unit = InMemoryUnitOfWork(database)
        await _do_it_badly(InMemoryOrders(unit), InMemoryMail(unit), InMemoryStock(unit), InMemoryPayments(unit))
        return await memory_report.report_of(database, InMemoryInspection(database), orders_in_file=4)
    async with asyncpg.create_pool(request.getfixturevalue("database_dsn"), min_size=0) as pool:
        await create_tables(pool)
        on_postgres = PostgresUnitOfWork(pool)
        await _do_it_badly(
            PostgresOrders(on_postgres),
            PostgresMail(on_postgres),
            PostgresStock(on_postgres),
            PostgresPayments(on_postgres),
        )
        return await postgres_report.report_of(pool, PostgresInspection(pool), orders_in_file=4)


def test_finds_what_is_lost_and_what_is_doubled(report: Report) -> None:
    """Each by its effect, never set off against each other."""
    assert report.effects == [
        EffectCount("orders placed", 4, 3, lost=1, doubled=0),
        EffectCount("receipts sent", 1, 2, lost=1, doubled=2),
        EffectCount("order lines set aside in stock", 6, 6, lost=0, doubled=0),
        EffectCount("payments collected", 1, 2, lost=0, doubled=1),
        EffectCount("cancellations sent", 1, 1, lost=0, doubled=0),
        EffectCount("order lines put back in stock", 2, 1, lost=1, doubled=0),
        EffectCount("orders paid or cancelled", 3, 2, lost=1, doubled=0),
    ]
    assert (report.lost, report.doubled, report.all_well) == (4, 3, False)


def test_counts_orders_by_state(report: Report) -> None:
    """And by the reason."""
    assert dict(report.orders) == {"paid": 1, "cancelled: not paid in time": 1, "placed": 1}
