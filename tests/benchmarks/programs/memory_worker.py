"""Enqueue and work in memory, without any server."""

import asyncio
import time

from adapters.memory import InMemoryQueue
from tests.benchmarks.programs.conversation import Conversation, say
from tests.benchmarks.programs.jobs import SendReceipt, receipt
from tests.benchmarks.programs.running import run
from tests.benchmarks.programs.tasks import Task, given_task


async def work(task: Task) -> None:
    """Enqueue one by one, then run them all in the background."""
    ran, all_ran = 0, asyncio.Event()

    async def noop(_: SendReceipt) -> None:
        nonlocal ran
        ran += 1
        if ran == task.jobs:
            all_ran.set()

    queue = InMemoryQueue()
    await queue.register_job_func(noop)
    jobs = [receipt(number) for number in range(task.jobs)]
    async with Conversation() as benchmark:
        say("ready")
        await benchmark.hear("go")
        began = time.monotonic()
        for job in jobs:
            await queue.enqueue(job)
        await queue.start()
        await all_ran.wait()
        seconds = time.monotonic() - began
        say("worked", seconds=seconds, ran=ran, left=queue.count())
        await benchmark.hear("stop")
        await queue.shutdown()
    say("end")


if __name__ == "__main__":
    run(work(given_task()))
