"""Orders in memory."""

from adapters.memory.table import DuplicateKey
from adapters.memory.unit_of_work import InMemoryUnitOfWork
from domain.orders import Order, OrderExists, OrderId, OrderNotFound, Orders


class InMemoryOrders(Orders):
    """Rows of the table `orders`. Of two units that change one order, the second fails to commit."""

    def __init__(self, unit_of_work: InMemoryUnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def add(self, order: Order) -> None:
        async with self._unit_of_work as transaction:
            try:
                transaction.table("orders").insert(order.id, order)
            except DuplicateKey as error:
                raise OrderExists(order.id) from error

    async def get(self, order_id: OrderId) -> Order:
        async with self._unit_of_work as transaction:
            order: Order | None = transaction.table("orders").get(order_id)
        if order is None:
            raise OrderNotFound(order_id)
        return order

    async def update(self, order: Order) -> None:
        async with self._unit_of_work as transaction:
            orders = transaction.table("orders")
            found = order.id in orders
            if found:
                orders[order.id] = order
        if not found:
            raise OrderNotFound(order.id)
