"""A unit of work that stays open from one step of a scenario to another."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context

from tests.worlds import World
from tests.worlds.deadline import within


class BusinessSaysNo(Exception):
    """Why a unit is rolled back."""


class OpenUnit:
    """Lives in a task of its own, as the unit of another caller would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._orders: asyncio.Queue[tuple[Callable[[], Awaitable[None]], asyncio.Future[None]] | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._live(), context=Context())

    async def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something inside the unit."""
        done = asyncio.get_running_loop().create_future()
        self._orders.put_nowait((work, done))
        await within(done)

    async def fail_inside(self) -> None:
        """Leave an inner block by an error, and swallow it."""
        await self.do(self._leave_a_block_by_an_error)

    async def commit(self) -> None:
        """Leave the block."""
        self._orders.put_nowait(None)
        await within(self._task)

    async def roll_back(self) -> None:
        """Leave the block by an error."""

        async def say_no() -> None:
            raise BusinessSaysNo

        try:
            await self.do(say_no)
        except BusinessSaysNo:
            await self._is_over()

    async def cancel(self) -> None:
        """Cancel the task."""
        self._task.cancel()
        await self._is_over()

    async def _is_over(self) -> None:
        await within(asyncio.wait([self._task]))

    async def _live(self) -> None:
        async with self._world.unit_of_work:
            while (order := await self._orders.get()) is not None:
                work, done = order
                try:
                    await work()
                except BusinessSaysNo as error:
                    done.set_exception(error)
                    raise
                done.set_result(None)

    async def _leave_a_block_by_an_error(self) -> None:
        try:
            async with self._world.unit_of_work:
                raise BusinessSaysNo
        except BusinessSaysNo:
            return
