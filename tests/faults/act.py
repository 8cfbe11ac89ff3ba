"""The job of all fault tests, and the job func that does what it is told."""

import asyncio
import ctypes
import os
import time
from dataclasses import dataclass
from typing import ClassVar

from adapters.postgres import PostgresUnitOfWork
from domain.jobs import Enqueuer, current_job
from tests.faults.break_points import BreakPoints
from tests.faults.history import Began, Ended, Ledger, Wrote


@dataclass(frozen=True)
class Act:
    """Leave one effect, or only think. `trouble` strikes in the attempts up to `until`."""

    job_type: ClassVar[str] = "act"

    name: str
    writes: bool = True
    follow_up: str | None = None
    seconds: float = 0.0
    """How long it takes, awake. In trouble, how long the trouble takes."""
    trouble: str = ""
    until: int = 32_767


class Actor:
    """Acts, and writes everything into the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        queue: Enqueuer,
        unit_of_work: PostgresUnitOfWork,
        break_points: BreakPoints,
    ) -> None:
        self._ledger = ledger
        self._queue = queue
        self._unit_of_work = unit_of_work
        self._break_points = break_points

    async def __call__(self, job: Act) -> None:
        """Run one attempt."""
        attempt, worker = current_job().attempt, os.getpid()
        self._ledger.write(Began(job.name, attempt, worker))
        how = "raised"
        try:
            self._break_points.reach("mid job func")
            if job.trouble and attempt <= job.until:
                await self._be_in_trouble(job)
            if job.seconds and not job.trouble:
                await asyncio.sleep(job.seconds)
            if job.writes:
                await self._leave_effect(job, attempt, worker)
            how = "returned"
        except asyncio.CancelledError:
            how = "cancelled"
            raise
        finally:
            self._ledger.write(Ended(job.name, attempt, worker, how))

    async def _leave_effect(self, job: Act, attempt: int, worker: int) -> None:
        async with self._unit_of_work as connection:
            await connection.execute("insert into effects values ($1, $2, $3)", job.name, attempt, worker)
            if job.follow_up is not None:
                await self._queue.enqueue(Act(job.follow_up, writes=False))
        self._ledger.write(Wrote(job.name, attempt, worker))
        self._break_points.reach("after writes")
        if job.trouble == "hold" and attempt <= job.until:
            await asyncio.sleep(job.seconds)
        if job.trouble == "block after writes" and attempt <= job.until:
            time.sleep(job.seconds)  # noqa: ASYNC251  # as above

    async def _be_in_trouble(self, job: Act) -> None:
        match job.trouble:
            case "exit":
                os._exit(3)
            case "segfault":
                ctypes.string_at(0)
            case "raise":
                msg = "the printer is out of paper"
                raise RuntimeError(msg)
            case "block":
                time.sleep(job.seconds)  # noqa: ASYNC251  # a CPU-bound job func blocks the loop
            case "sleep":
                await asyncio.sleep(job.seconds)
            case "serialization":
                await self._raise("40001")
            case "deadlock":
                await self._raise("40P01")
            case _:
                await self._meet_the_server(job)

    async def _meet_the_server(self, job: Act) -> None:
        async with self._unit_of_work as connection:
            if job.trouble == "slow statement":
                await connection.execute("select pg_sleep($1)", job.seconds)
            if job.trouble == "lock":
                for shelf in job.name.split():
                    await connection.execute("select from shelves where name = $1 for update", shelf)
                    await asyncio.sleep(job.seconds)

    async def _raise(self, code: str) -> None:
        async with self._unit_of_work as connection:
            await connection.execute("insert into effects values ('ROLLED BACK', 0, 0)")
            await connection.execute(f"do $$ begin raise exception 'no luck' using errcode = '{code}'; end $$")
