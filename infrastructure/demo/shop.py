"""The customers of the demo: they place orders."""

import asyncio
from collections.abc import Callable, Iterator

from application.orders import PlaceOrder
from domain.orders import Order

JOBS_AT_A_TIME = 16
"""In each of the two workers, of each queue."""

_CUSTOMERS = 8


async def place_all(orders: Iterator[Order], place_order: PlaceOrder, placed: Callable[[], None]) -> None:
    """Place orders, a few at a time, and tell of each that was placed."""

    async def place_next_ones() -> None:
        for order in orders:
            await place_order(order)
            placed()

    async with asyncio.TaskGroup() as customers:
        for _ in range(_CUSTOMERS):
            customers.create_task(place_next_ones())
