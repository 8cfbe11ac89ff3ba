"""Tables in memory hold values, and are isolated like those of a database."""

from dataclasses import dataclass, field

import pytest

from adapters.memory import DuplicateKey, InMemoryDatabase, InMemoryQueue, InMemoryUnitOfWork
from domain.jobs import EnqueueFailed, UnitOfWorkFailed
from tests.unit.memory.shop import SendReceipt, apart


@dataclass
class Order:
    """An order that can be changed."""

    lines: list[str] = field(default_factory=list)


@pytest.fixture
async def armchair(database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> InMemoryDatabase:
    """A database with the order A-1, of an armchair."""
    async with unit_of_work as transaction:
        transaction.table("orders")["A-1"] = Order(["ARMCHAIR"])
    return database


async def test_a_commit_makes_rows_visible(armchair: InMemoryDatabase) -> None:
    """And a table nobody wrote to is empty."""
    assert armchair.rows("orders") == {"A-1": Order(["ARMCHAIR"])}
    assert armchair.rows("customers") == {}


async def test_others_see_nothing_before_the_commit(unit_of_work: InMemoryUnitOfWork) -> None:
    """Neither through a unit of their own nor from outside."""
    database = InMemoryDatabase()
    mine, yours = InMemoryUnitOfWork(database), InMemoryUnitOfWork(database)

    async def look() -> list[str]:
        async with yours as transaction:
            return list(transaction.table("orders"))

    async with mine as transaction:
        transaction.table("orders")["A-1"] = Order()
        assert await apart(look()) == []
        assert database.rows("orders") == {}

    assert await apart(look()) == ["A-1"]


async def test_a_unit_sees_its_own_changes(armchair: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """Written, replaced and removed."""
    async with unit_of_work as transaction:
        orders = transaction.table("orders")
        orders["A-2"] = Order(["SOFA"])
        orders["A-3"] = Order()
        del orders["A-3"]
        del orders["A-1"]

        assert dict(transaction.table("orders")) == {"A-2": Order(["SOFA"])}
        assert len(orders) == 1
        assert "A-1" not in orders
        assert orders.get("A-1") is None

    assert armchair.rows("orders") == {"A-2": Order(["SOFA"])}


async def test_an_exception_rolls_everything_back(armchair: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """Removed rows are there again."""

    async def move_orders() -> None:
        async with unit_of_work as transaction:
            transaction.table("orders").clear()
            transaction.table("customers")["Ada"] = "Lovelace"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await move_orders()

    assert armchair.rows("orders") == {"A-1": Order(["ARMCHAIR"])}
    assert armchair.rows("customers") == {}


async def test_values_are_copied_in(database: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """What happens to the object afterwards is not stored."""
    order = Order(["SOFA"])
    async with unit_of_work as transaction:
        transaction.table("orders")["A-2"] = order
        order.lines.append("FOOTREST")
        assert transaction.table("orders")["A-2"] == Order(["SOFA"])
    order.lines.append("LAMP")

    assert database.rows("orders") == {"A-2": Order(["SOFA"])}


async def test_values_are_copied_out(armchair: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """What was read can be changed without changing what is stored, until it is written again."""
    async with unit_of_work as transaction:
        order = transaction.table("orders")["A-1"]
        order.lines.append("FOOTREST")
        assert transaction.table("orders")["A-1"] == Order(["ARMCHAIR"])
    armchair.rows("orders")["A-1"].lines.append("LAMP")

    assert armchair.rows("orders") == {"A-1": Order(["ARMCHAIR"])}


async def test_what_others_commit_is_seen(armchair: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """Read committed, as in PostgreSQL by default."""

    async def replace() -> None:
        async with unit_of_work as transaction:
            transaction.table("orders")["A-1"] = Order(["SOFA"])

    async with unit_of_work as transaction:
        before = transaction.table("orders")["A-1"]
        await apart(replace())
        after = transaction.table("orders")["A-1"]

    assert (before, after) == (Order(["ARMCHAIR"]), Order(["SOFA"]))


async def test_a_missing_key_is_harmless(armchair: InMemoryDatabase, unit_of_work: InMemoryUnitOfWork) -> None:
    """A SELECT or DELETE that finds nothing is no error."""
    async with unit_of_work as transaction:
        orders = transaction.table("orders")
        with pytest.raises(KeyError, match="A-9"):
            orders["A-9"]
        with pytest.raises(KeyError, match="A-9"):
            del orders["A-9"]
        orders.insert("A-9", Order())

    assert set(armchair.rows("orders")) == {"A-1", "A-9"}


async def test_a_duplicate_key_aborts_the_unit_even_if_it_is_swallowed(
    armchair: InMemoryDatabase,
    unit_of_work: InMemoryUnitOfWork,
    queue: InMemoryQueue,
) -> None:
    """As an SQL error does: nothing works any more, and nothing was written."""

    async def place_twice() -> None:
        async with unit_of_work as transaction:
            orders = transaction.table("orders")
            orders["A-2"] = Order()
            await queue.enqueue(SendReceipt("A-2"))
            with pytest.raises(DuplicateKey) as refusal:
                orders.insert("A-1", Order())
            assert (refusal.value.table, refusal.value.key) == ("orders", "A-1")
            with pytest.raises(UnitOfWorkFailed, match="can only be rolled back"):
                orders["A-3"] = Order()
            with pytest.raises(UnitOfWorkFailed, match="can only be rolled back"):
                transaction.table("customers")
            with pytest.raises(EnqueueFailed, match="can only be rolled back"):
                await queue.enqueue(SendReceipt("A-3"))

    with pytest.raises(UnitOfWorkFailed, match="key 'A-1' exists already in table 'orders'"):
        await place_twice()
    assert set(armchair.rows("orders")) == {"A-1"}
    queue.assert_that.empty()


async def test_a_table_is_of_no_use_once_the_unit_has_ended(unit_of_work: InMemoryUnitOfWork) -> None:
    """Like a connection that went back to its pool."""
    async with unit_of_work as transaction:
        orders = transaction.table("orders")

    with pytest.raises(UnitOfWorkFailed, match="ended already"):
        orders["A-1"] = Order()
    with pytest.raises(UnitOfWorkFailed, match="ended already"):
        transaction.table("orders")
