"""A pool whose store is slower to take completions than the jobs are done."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from adapters.memory import InMemoryDatabase
from adapters.memory.store import InMemoryStore
from adapters.payloads import PydanticPayloads
from adapters.telemetry import OpenTelemetry
from application.jobs.job_queue import JobQueue
from application.jobs.job_store import ClaimedJob, EndedAttempt, WorkerId
from application.jobs.options import QueueOptions
from tests.worlds.deadline import eventually
from tests.worlds.jobs import SendReceipt

_JOBS = 30_000


class Slow(InMemoryStore):
    """Takes completions once it is told to, and notes how many were missing when jobs were claimed."""

    def __init__(self, database: InMemoryDatabase) -> None:
        super().__init__(database, "")
        self.taking = asyncio.Event()
        self.claimed = self.done = self.completed = self.most_missing = 0

    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        """Claim."""
        self.most_missing = max(self.most_missing, self.done - self.completed)
        claimed = await super().claim(worker, types, limit)
        self.claimed += len(claimed)
        return claimed

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Complete, in time."""
        await self.taking.wait()
        lost = await super().complete(ended)
        self.completed += len(ended)
        return lost


async def test_no_jobs_are_claimed_while_very_many_completions_wait() -> None:
    """All of these would run again, were the process to die; and once they are written it goes on."""
    store = Slow(InMemoryDatabase())
    options = QueueOptions(poll_interval=timedelta(hours=1))
    async with JobQueue(store, PydanticPayloads(), OpenTelemetry(), options) as queue:

        async def send_receipt(job: SendReceipt) -> None:
            store.done += 1

        await queue.enqueue([SendReceipt(f"A-{number}") for number in range(_JOBS)])
        await queue.register_job_func(send_receipt)
        await eventually(lambda: store.done > 12_000 and store.done == store.claimed)
        store.taking.set()
        await eventually(lambda: store.completed == _JOBS)

    assert store.most_missing <= 12_000
