"""Who shares a unit of work in memory, and who does not."""

import asyncio
from contextlib import suppress

import pytest

from adapters.memory import InMemoryDatabase, InMemoryQueue, InMemoryUnitOfWork
from domain.jobs import UnitOfWorkFailed
from tests.unit.memory.shop import SendReceipt, apart


async def note(unit_of_work: InMemoryUnitOfWork, text: str) -> None:
    """Write a note, in the unit of the caller or in one of its own."""
    async with unit_of_work as transaction:
        transaction.table("notes")[text] = True


async def test_an_inner_block_joins(database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """Leaving it commits nothing."""
    async with unit_of_work:
        await note(unit_of_work, "inner")
        assert database.rows("notes") == {}

    assert database.rows("notes") == {"inner": True}


async def test_an_inner_block_that_failed_dooms_the_unit(
    database: InMemoryDatabase,
    unit_of_work: InMemoryUnitOfWork,
    queue: InMemoryQueue,
) -> None:
    """Even if the error is swallowed; the unit can go on, but not be committed."""

    async def swallow() -> None:
        async with unit_of_work:
            await queue.enqueue(SendReceipt("A-1"))
            with suppress(ZeroDivisionError):
                async with unit_of_work:
                    raise ZeroDivisionError
            await note(unit_of_work, "after")

    with pytest.raises(UnitOfWorkFailed, match="a block inside the unit of work failed"):
        await swallow()

    assert database.rows("notes") == {}
    queue.assert_that.empty()


async def test_the_unit_after_a_failed_one_is_a_fresh_one(
    database: InMemoryDatabase,
    unit_of_work: InMemoryUnitOfWork,
) -> None:
    """Nothing is left behind in the task."""
    with suppress(ZeroDivisionError):
        async with unit_of_work:
            raise ZeroDivisionError
    await note(unit_of_work, "fresh")

    assert database.rows("notes") == {"fresh": True}


async def test_child_tasks_share_the_unit(database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """What they write is committed or not with the rest."""
    with suppress(ZeroDivisionError):
        async with unit_of_work:
            await asyncio.gather(*(note(unit_of_work, f"child {number}") for number in range(3)))
            raise ZeroDivisionError
    assert database.rows("notes") == {}

    async with unit_of_work:
        await asyncio.gather(*(note(unit_of_work, f"child {number}") for number in range(3)))

    assert len(database.rows("notes")) == 3


async def test_one_object_serves_many_tasks_at_once(
    database: InMemoryDatabase,
    unit_of_work: InMemoryUnitOfWork,
) -> None:
    """Each that enters from outside has a unit of its own."""
    all_inside = asyncio.Barrier(10)

    async def work(number: int) -> None:
        async with unit_of_work as transaction:
            transaction.table("notes")[number] = True
            await all_inside.wait()
            if number % 2:
                raise ZeroDivisionError

    await asyncio.gather(*(work(number) for number in range(10)), return_exceptions=True)

    assert sorted(database.rows("notes")) == [0, 2, 4, 6, 8]


async def test_a_unit_that_has_ended_is_no_unit_for_the_tasks_it_left_behind(
    database: InMemoryDatabase,
    unit_of_work: InMemoryUnitOfWork,
    queue: InMemoryQueue,
) -> None:
    """They begin one of their own, and what they enqueue is there at once."""
    ended = asyncio.Event()

    async def linger() -> None:
        await ended.wait()
        await note(unit_of_work, "afterwards")
        await queue.enqueue(SendReceipt("A-1"))

    async with unit_of_work:
        left_behind = asyncio.create_task(linger())
    ended.set()
    await left_behind

    assert database.rows("notes") == {"afterwards": True}
    queue.assert_that.total(1)


async def test_databases_of_one_process_share_the_unit() -> None:
    """One commit for all of them, so defaults work together without being told of each other."""
    shop, warehouse = InMemoryDatabase(), InMemoryDatabase()
    queue = InMemoryQueue()

    async def place_order() -> None:
        async with InMemoryUnitOfWork(shop) as transaction:
            transaction.table("orders")["A-1"] = "SOFA"
            async with InMemoryUnitOfWork(warehouse) as other:
                other.table("orders")["W-1"] = "SOFA"
            await queue.enqueue(SendReceipt("A-1"))
            assert shop.rows("orders") == warehouse.rows("orders") == {}
            queue.assert_that.empty()

    await place_order()

    assert shop.rows("orders") == {"A-1": "SOFA"}
    assert warehouse.rows("orders") == {"W-1": "SOFA"}
    queue.assert_that.total(1)


async def test_a_unit_is_left_by_the_task_that_entered_it(unit_of_work: InMemoryUnitOfWork) -> None:
    """Another task does not know which unit is meant."""
    with pytest.raises(UnitOfWorkFailed, match="must be left in the task that entered it"):
        await apart(unit_of_work.__aexit__(None, None, None))
