"""The demo on PostgreSQL: two worker processes, and one of them is killed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from rich.console import Console

from adapters.postgres import migrate
from adapters.postgres.orders import create_tables
from infrastructure.containers import PostgresContainer
from infrastructure.demo.casualty import Casualty, kill_at_work
from infrastructure.demo.display import Display
from infrastructure.demo.order_file import OrderFile
from infrastructure.demo.postgres_report import report_of
from infrastructure.demo.report import Report
from infrastructure.demo.shop import JOBS_AT_A_TIME, place_all
from infrastructure.demo.watch import Watch
from infrastructure.demo.worker_process import WorkerProcess
from infrastructure.settings import PostgresSettings

_JOBS_PER_ORDER = 4
_JOBS_AT_ONCE = 3
"""Of those, the ones that do not wait until the payment is due."""
_QUEUES = 2
_PAUSE = 0.1
_PATIENCE = 120.0


class PostgresDemo:
    """Places all orders of a file, and has two worker processes do what follows from them."""

    def __init__(self, dsn: str, file: OrderFile, pay_within: timedelta, console: Console) -> None:
        """Work on the database `dsn`, in which no order of the file was placed yet."""
        self._dsn = dsn
        self._file = file
        self._pay_within = pay_within
        self._console = console
        self._container = PostgresContainer(settings=PostgresSettings(dsn=SecretStr(dsn)))
        self._placed = 0

    @cached_property
    def _watch(self) -> Watch:
        return Watch(self._container.pool())

    async def run(self) -> tuple[Report, Casualty]:
        """Run to the end. Raises `WorkerFailed` where a worker ends by itself, and `TimeoutError`."""
        pool = self._container.pool()
        async with asyncio.timeout(_PATIENCE), self._container.resources():
            await migrate(pool)
            await create_tables(pool)
            async with self._workers() as (victim, survivor):
                casualty = await self._work(victim, survivor)
                await survivor.stop()
            report = await report_of(pool, self._container.inspection(), len(self._file))
            return report, casualty._replace(
                found_after=await self._watch.found_dead_after(casualty.pid, casualty.killed_at),
            )

    @asynccontextmanager
    async def _workers(self) -> AsyncGenerator[tuple[WorkerProcess, WorkerProcess], None]:
        with TemporaryDirectory(prefix="arrower-demo-") as folder:
            names = ("worker-1", "worker-2")
            first, second = (
                WorkerProcess(name, self._dsn, JOBS_AT_A_TIME, Path(folder) / f"{name}.log") for name in names
            )
            async with first, second:
                pids = [first.pid, second.pid]
                while await self._watch.pools_present(pids) < _QUEUES * len(pids):
                    first.check()
                    second.check()
                    await asyncio.sleep(_PAUSE)
                self._console.print(
                    f"Two worker processes have started: worker-1 ({first.pid}) and worker-2 ({second.pid}).",
                )
                yield first, second

    async def _work(self, victim: WorkerProcess, survivor: WorkerProcess) -> Casualty:
        with Display(self._console) as display:
            async with asyncio.TaskGroup() as everything:
                everything.create_task(self._place_orders(display))
                killing = everything.create_task(self._kill_half_way(victim, display))
                everything.create_task(self._follow(survivor, killing, display))
        return killing.result()

    async def _place_orders(self, display: Display) -> None:
        total = len(self._file)

        def placed() -> None:
            self._placed += 1
            display.orders(self._placed, total)

        await place_all(self._file.placed_now(self._pay_within), self._container.place_order(), placed)

    async def _kill_half_way(self, victim: WorkerProcess, display: Display) -> Casualty:
        while (await self._watch.progress()).done < len(self._file) * _JOBS_AT_ONCE / 2:
            victim.check()
            await asyncio.sleep(_PAUSE)
        casualty = await kill_at_work(victim, self._watch)
        display.say(
            f"[bold]{casualty.name} was killed with SIGKILL, with {casualty.jobs_in_hand} jobs in its hands.[/]",
        )
        return casualty

    async def _follow(self, survivor: WorkerProcess, killing: asyncio.Task[Casualty], display: Display) -> None:
        all_placed = False
        while True:
            survivor.check()
            done, left = await self._watch.progress()
            total = done + left if all_placed else max(done + left, len(self._file) * _JOBS_PER_ORDER)
            display.jobs(done, total)
            if all_placed and not left and killing.done():
                return
            all_placed = self._placed == len(self._file)
            await asyncio.sleep(_PAUSE)
