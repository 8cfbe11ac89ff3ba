"""A worker process of Arrower."""

import asyncio
import inspect
import time
from contextlib import suppress
from typing import Any

import asyncpg

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from tests.benchmarks.programs.conversation import Conversation, Counter, say
from tests.benchmarks.programs.jobs import SendReceipt, SendReminder
from tests.benchmarks.programs.running import run
from tests.benchmarks.programs.tasks import Task, given_task

_INSERT = "insert into effects (number) values ($1)"
_INSERT_MANY = "insert into effects (number) select * from unnest($1::bigint[])"


class JobFuncs:
    """One way of working each."""

    def __init__(self, counter: Counter, unit_of_work: PostgresUnitOfWork) -> None:
        self._counter = counter
        self._unit_of_work = unit_of_work
        self.lateness: list[int] = []
        """Microseconds."""

    async def noop(self, job: SendReceipt) -> None:
        """Do nothing."""
        self._counter.started(job.number)
        self._counter.ended()

    async def insert(self, job: SendReceipt) -> None:
        """Insert one effect, in the transaction that completes the job."""
        self._counter.started(job.number)
        async with self._unit_of_work as connection:
            await connection.execute(_INSERT, job.number)
        self._counter.ended()

    async def batch_insert(self, jobs: list[SendReceipt]) -> None:
        """Insert one effect for each job, one statement each."""
        async with self._unit_of_work as connection:
            await connection.executemany(_INSERT, [(job.number,) for job in jobs])
        self._counter.ended(len(jobs))

    async def batch_insert_unnest(self, jobs: list[SendReceipt]) -> None:
        """Insert one effect for each job, all in one statement."""
        async with self._unit_of_work as connection:
            await connection.execute(_INSERT_MANY, [job.number for job in jobs])
        self._counter.ended(len(jobs))

    async def remind(self, job: SendReminder) -> None:
        """Note how late it is."""
        self.lateness.append(time.time_ns() // 1_000 - job.due)
        self._counter.ended()


async def work(task: Task) -> None:
    """Work on all queues of the task, with one pool, until told to stop."""
    if task.sdk:
        from tests.benchmarks.programs.sdk import set_up  # noqa: PLC0415  # without it, it is not even loaded

        set_up(task.sdk)
    pool = await asyncpg.create_pool(min_size=task.connections, max_size=task.connections)
    counter = Counter(task.jobs, task.sample_every)
    funcs = JobFuncs(counter, PostgresUnitOfWork(pool))
    options: dict[str, Any] = {"pool_size": task.concurrency} if task.concurrency else {}
    queues = [PostgresQueue(pool, name, **options) for name in task.queues]
    if task.func.startswith("batch") and "batch_size" not in inspect.signature(queues[0].register_job_func).parameters:
        say("unavailable", reason="job funcs cannot take batches yet")
        return
    batch: dict[str, Any] = {"batch_size": task.prefetch} if task.func.startswith("batch") else {}
    async with Conversation() as benchmark:
        say("ready")
        await benchmark.hear("go")
        reporting = asyncio.create_task(counter.report())
        await asyncio.gather(*(queue.register_job_func(getattr(funcs, task.func), **batch) for queue in queues))
        await benchmark.hear("stop")
        await asyncio.gather(*(queue.shutdown() for queue in queues))
        reporting.cancel()
        with suppress(asyncio.CancelledError):
            await reporting
    await pool.close()
    say("end", starts=counter.starts, lateness=funcs.lateness)


if __name__ == "__main__":
    run(work(given_task()))
