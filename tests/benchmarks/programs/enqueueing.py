"""Enqueueing as every Python program does it. Standard library only."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from tests.benchmarks.programs.conversation import Conversation, say
from tests.benchmarks.programs.tasks import Task

JobT = TypeVar("JobT")


async def enqueue_all(
    task: Task,
    make: Callable[[int], JobT],
    enqueue: Callable[[list[JobT]], Awaitable[object]],
) -> None:
    """Enqueue what the task says, list by list, and tell when each list was sent and committed.

    Jobs are made before the clock runs, unless they have to wait for the workers; encoding them is
    part of what `enqueue` does, and counts.
    """
    for call in range(task.warm_up):
        first = -1 - call * task.list_size
        await enqueue([make(number) for number in range(first, first - task.list_size, -1)])
    firsts = range(0, task.jobs, task.list_size)
    lists: Iterable[tuple[int, list[JobT]]] = ((first, _list(task, make, first)) for first in firsts)
    if not task.window:
        lists = list(lists)
    sent: list[int] = []
    committed: list[int] = []
    async with Conversation() as benchmark:
        say("ready")
        await benchmark.hear("go")
        began = time.monotonic()
        for first, jobs in lists:
            if task.window and first > task.window:
                await benchmark.until_ran(first - task.window)
            sent.append(time.monotonic_ns())
            await enqueue(jobs)
            committed.append(time.monotonic_ns())
            if task.pause:
                await asyncio.sleep(task.pause)
        ended = time.monotonic()
        say("enqueued", seconds=ended - began, sent=sent, committed=committed)
        await benchmark.hear("stop")
    say("end")


def _list(task: Task, make: Callable[[int], JobT], first: int) -> list[JobT]:
    return [make(number) for number in range(first, min(first + task.list_size, task.jobs))]
