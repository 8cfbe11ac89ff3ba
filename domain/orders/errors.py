"""What can go wrong with an order, as one tree.

::

    OrderError
    ├── InvalidOrder      what was ordered makes no sense
    ├── OrderExists       an order with this id was placed before
    ├── OrderNotFound     no order has this id
    └── OrderClosed       it was paid or cancelled already
"""

from domain.orders.names import OrderId


class OrderError(Exception):
    """Root of everything an order refuses."""


class InvalidOrder(OrderError, ValueError):
    """The order cannot be placed as it is; the message says why."""


class OrderExists(OrderError):
    """An order is placed once."""

    def __init__(self, order_id: OrderId) -> None:
        super().__init__(f"order {order_id} was placed already")
        self.order_id = order_id


class OrderNotFound(OrderError, LookupError):
    """There is no such order."""

    def __init__(self, order_id: OrderId) -> None:
        super().__init__(f"there is no order {order_id}")
        self.order_id = order_id


class OrderClosed(OrderError):
    """The order was paid or cancelled already, and stays so."""

    def __init__(self, order_id: OrderId, state: str) -> None:
        super().__init__(f"order {order_id} is {state} already")
        self.order_id = order_id
        self.state = state
