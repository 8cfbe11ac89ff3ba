"""The demo in memory: the same business in one process, without a server, and with nobody to kill."""

import asyncio
from datetime import timedelta

from rich.console import Console

from domain.jobs import JobState
from infrastructure.containers import MemoryContainer
from infrastructure.demo.display import Display
from infrastructure.demo.memory_report import report_of
from infrastructure.demo.order_file import OrderFile
from infrastructure.demo.report import Report
from infrastructure.demo.shop import JOBS_AT_A_TIME, place_all
from infrastructure.job_funcs import register_job_funcs
from infrastructure.settings import Settings

_UNFINISHED = (JobState.SCHEDULED, JobState.READY, JobState.RUNNING)
_PAUSE = 0.1


class MemoryDemo:
    """Places all orders of a file, and does what follows from them."""

    def __init__(self, file: OrderFile, pay_within: timedelta, console: Console) -> None:
        """Work in a database of its own."""
        self._file = file
        self._pay_within = pay_within
        self._console = console
        self._container = MemoryContainer(settings=Settings(pool_size=2 * JOBS_AT_A_TIME))
        self._placed = 0

    async def run(self) -> Report:
        """Run to the end."""
        queues = self._container.in_memory_queues()
        await register_job_funcs(self._container)
        try:
            with Display(self._console) as display:
                for queue in queues:
                    await queue.start()
                await asyncio.gather(self._place_orders(display), self._follow(display))
        finally:
            await asyncio.gather(*(queue.shutdown() for queue in queues))
        return await report_of(self._container.database(), self._container.inspection(), len(self._file))

    async def _place_orders(self, display: Display) -> None:
        total = len(self._file)

        def placed() -> None:
            self._placed += 1
            display.orders(self._placed, total)

        await place_all(self._file.placed_now(self._pay_within), self._container.place_order(), placed)

    async def _follow(self, display: Display) -> None:
        left = 1
        while left or self._placed < len(self._file):
            await asyncio.sleep(_PAUSE)
            counts = await self._container.inspection().counts()
            left = sum(counts[state] for state in _UNFINISHED)
            total = sum(counts.values())
            display.jobs(total - left, total)
