"""Of two units of work that change the same row, the first to commit wins."""

from typing import Any

import pytest

from adapters.memory import InMemoryDatabase, InMemoryQueue, InMemoryUnitOfWork, WriteConflict
from tests.unit.memory.shop import SendReceipt, apart


@pytest.fixture
def stock(database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> "Stock":
    """The stock of the shop."""
    return Stock(database, unit_of_work)


class Stock:
    """Pieces by article, changed by one's own unit or by somebody else's."""

    def __init__(self, database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
        self._database = database
        self._unit_of_work = unit_of_work

    def committed(self) -> dict[Any, Any]:
        """Return what everybody sees."""
        return self._database.rows("stock")

    async def somebody_else_sets(self, **pieces: int) -> None:
        """Commit another unit."""

        async def commit() -> None:
            async with self._unit_of_work as transaction:
                transaction.table("stock").update(pieces)

        await apart(commit())


async def test_the_second_to_commit_fails_and_writes_nothing(
    stock: Stock,
    unit_of_work: InMemoryUnitOfWork,
    queue: InMemoryQueue,
) -> None:
    """Neither its rows nor its jobs."""

    async def change() -> None:
        async with unit_of_work as transaction:
            transaction.table("stock")["LAMP"] = 5
            transaction.table("stock")["SOFA"] = 1
            await queue.enqueue(SendReceipt("A-1"))
            await stock.somebody_else_sets(SOFA=2)

    with pytest.raises(WriteConflict) as conflict:
        await change()

    assert (conflict.value.table, conflict.value.key) == ("stock", "SOFA")
    assert stock.committed() == {"SOFA": 2}
    queue.assert_that.empty()


async def test_no_update_is_lost_between_reading_and_writing(stock: Stock, unit_of_work: InMemoryUnitOfWork) -> None:
    """A row counts as used from the moment it was first seen."""
    await stock.somebody_else_sets(SOFA=10)

    async def change() -> None:
        async with unit_of_work as transaction:
            pieces = transaction.table("stock")["SOFA"]
            await stock.somebody_else_sets(SOFA=9)
            transaction.table("stock")["SOFA"] = pieces - 1

    with pytest.raises(WriteConflict):
        await change()

    assert stock.committed() == {"SOFA": 9}


async def test_a_row_inserted_by_both_is_a_conflict(stock: Stock, unit_of_work: InMemoryUnitOfWork) -> None:
    """Both saw that it was not there."""

    async def change() -> None:
        async with unit_of_work as transaction:
            transaction.table("stock").insert("SOFA", 1)
            await stock.somebody_else_sets(SOFA=2)

    with pytest.raises(WriteConflict):
        await change()

    assert stock.committed() == {"SOFA": 2}


async def test_writing_an_equal_value_is_a_conflict_too(stock: Stock, unit_of_work: InMemoryUnitOfWork) -> None:
    """Who came to the same result may have counted the same piece."""
    await stock.somebody_else_sets(SOFA=10)

    async def change() -> None:
        async with unit_of_work as transaction:
            transaction.table("stock")["SOFA"] -= 1
            await stock.somebody_else_sets(SOFA=9)

    with pytest.raises(WriteConflict):
        await change()


async def test_different_rows_do_not_conflict(stock: Stock, unit_of_work: InMemoryUnitOfWork) -> None:
    """Nor do rows that were only read."""
    await stock.somebody_else_sets(SOFA=10)

    async with unit_of_work as transaction:
        transaction.table("stock")["LAMP"] = transaction.table("stock")["SOFA"]
        await stock.somebody_else_sets(SOFA=3, CHAIR=7)

    assert stock.committed() == {"SOFA": 3, "CHAIR": 7, "LAMP": 10}


async def test_tried_again_it_finds_what_the_first_wrote(stock: Stock, unit_of_work: InMemoryUnitOfWork) -> None:
    """The conflict belongs to the unit, not to the row."""

    async def change() -> None:
        async with unit_of_work as transaction:
            transaction.table("stock")["SOFA"] = 1
            await stock.somebody_else_sets(SOFA=10)

    with pytest.raises(WriteConflict):
        await change()
    async with unit_of_work as transaction:
        transaction.table("stock")["SOFA"] -= 1

    assert stock.committed() == {"SOFA": 9}
