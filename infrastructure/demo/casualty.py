"""Killing a worker in the middle of its work."""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from infrastructure.demo.watch import Watch
from infrastructure.demo.worker_process import WorkerProcess

_MOMENT = 0.1
"""Seconds in which the database does what it was sent before. To notice a death takes it longer."""


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

    It is frozen first, to be sure that it does. Where all jobs are done, it dies idle.
    """
    while True:
        worker.freeze()
        await asyncio.sleep(_MOMENT)
        if await watch.in_hand(worker.pid) or not (await watch.progress()).left:
            break
        worker.thaw()
        await asyncio.sleep(_MOMENT)
    killed_at = await watch.now()
    await worker.kill()
    await asyncio.sleep(_MOMENT)
    return Casualty(worker.name, worker.pid, await watch.in_hand(worker.pid), killed_at)
