"""Killing a worker in the middle of its work."""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from infrastructure.demo.watch import Watch
from infrastructure.demo.worker_process import WorkerProcess

_MOMENT = 0.05
"""Seconds in which what a frozen process has sent reaches the database."""


class Casualty(NamedTuple):
    """A worker that was killed."""

    name: str
    pid: int
    jobs_in_hand: int
    killed_at: datetime
    found_after: timedelta | None = None
    """How long it took the other to notice."""


async def kill_at_work(worker: WorkerProcess, watch: Watch) -> Casualty:
    """Kill a worker with SIGKILL while it owns jobs: now, or as soon as it does.

    It is frozen first, only so that its jobs can be counted. Where all jobs are done, it dies idle.
    """
    while True:
        worker.freeze()
        await asyncio.sleep(_MOMENT)
        in_hand, progress = await watch.in_hand(worker.pid), await watch.progress()
        if in_hand or not progress.left:
            killed_at = await watch.now()
            await worker.kill()
            return Casualty(worker.name, worker.pid, in_hand, killed_at)
        worker.thaw()
        await asyncio.sleep(_MOMENT)
