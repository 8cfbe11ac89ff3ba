"""Counting in memory."""

from collections import Counter
from collections.abc import Iterable

from adapters.memory import InMemoryDatabase
from adapters.memory.orders import Letter, Payment, StockMovement
from application.jobs.looking import AttemptOutcome, JobInspection
from domain.orders import Order, OrderState
from infrastructure.demo.report import EffectCount, Report


async def report_of(database: InMemoryDatabase, inspection: JobInspection, orders_in_file: int) -> Report:
    """Count what is there."""
    orders: list[Order] = list(database.rows("orders").values())
    attempts = [(attempt, job.attempt) for job in database.jobs for attempt in job.history]
    return Report(
        orders=Counter(map(_state, sorted(orders, key=_paid_first))),
        jobs=await inspection.counts(),
        retries=sum(done.outcome is AttemptOutcome.FAILED and done.number < last for done, last in attempts),
        rescued_jobs=sum(job.rescues > 0 for job in database.jobs),
        effects=[
            EffectCount("orders placed", orders_in_file, len(orders), orders_in_file - len(orders), 0),
            *_effects(database, orders),
        ],
    )


def _effects(database: InMemoryDatabase, orders: list[Order]) -> Iterable[EffectCount]:
    letters: list[Letter] = list(database.rows("letters").values())
    payments: list[Payment] = list(database.rows("payments").values())
    movements: list[StockMovement] = list(database.rows("stock_movements").values())
    paid = [order for order in orders if order.state is OrderState.PAID]
    cancelled = [order for order in orders if order.state is OrderState.CANCELLED]

    def sent(kind: str) -> Iterable[object]:
        return (letter.order_id for letter in letters if letter.kind == kind)

    yield _compared("receipts sent", _ids(paid), sent("receipt"))
    aside = ((movement.order_id, movement.article) for movement in movements if movement.pieces < 0)
    yield _compared("order lines set aside in stock", _lines(orders), aside)
    yield _compared("payments collected", _ids(paid), (payment.order_id for payment in payments))
    yield _compared("cancellations sent", _ids(cancelled), sent("cancellation"))
    back = ((movement.order_id, movement.article) for movement in movements if movement.pieces > 0)
    yield _compared("order lines put back in stock", _lines(cancelled), back)
    yield _compared("orders paid or cancelled", _ids(orders), _ids(paid + cancelled))


def _compared(name: str, expected: Iterable[object], done: Iterable[object]) -> EffectCount:
    should, did = Counter(expected), Counter(done)
    return EffectCount(name, should.total(), did.total(), (should - did).total(), (did - should).total())


def _ids(orders: list[Order]) -> Iterable[object]:
    return (order.id for order in orders)


def _lines(orders: list[Order]) -> Iterable[object]:
    return ((order.id, line.article) for order in orders for line in order.lines)


def _state(order: Order) -> str:
    return order.state if order.cancel_reason is None else f"{order.state}: {order.cancel_reason}"


def _paid_first(order: Order) -> tuple[bool, str]:
    return order.state is not OrderState.PAID, _state(order)
