"""A process that enqueues into Arrower."""

import asyncpg

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from tests.benchmarks.programs.enqueueing import enqueue_all
from tests.benchmarks.programs.jobs import SendReceipt, receipt
from tests.benchmarks.programs.running import run
from tests.benchmarks.programs.tasks import Task, given_task

_INSERT = "insert into effects (number) values ($1)"


class Enqueueing:
    """One way of enqueueing each."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._queue = PostgresQueue(pool)
        self._unit_of_work = PostgresUnitOfWork(pool)

    async def lists(self, jobs: list[SendReceipt]) -> None:
        """All in one call."""
        await self._queue.enqueue(jobs)

    async def single(self, jobs: list[SendReceipt]) -> None:
        """One, in a transaction of its own."""
        await self._queue.enqueue(jobs[0])

    async def in_unit_of_work(self, jobs: list[SendReceipt]) -> None:
        """One, in the transaction of something else that is written."""
        async with self._unit_of_work as connection:
            await connection.execute(_INSERT, jobs[0].number)
            await self._queue.enqueue(jobs[0])

    async def without(self, jobs: list[SendReceipt]) -> None:
        """None: only what else is written."""
        async with self._unit_of_work as connection:
            await connection.execute(_INSERT, jobs[0].number)


async def enqueue(task: Task) -> None:
    """Enqueue on one connection."""
    async with asyncpg.create_pool(min_size=1, max_size=1) as pool:
        await enqueue_all(task, receipt, getattr(Enqueueing(pool), task.func))


if __name__ == "__main__":
    run(enqueue(given_task()))
