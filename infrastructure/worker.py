"""A worker process on PostgreSQL: `ARROWER_DSN=postgresql://… python -m infrastructure.worker`."""

import asyncio
import os
import signal
import sys
from collections.abc import Collection
from datetime import timedelta

from domain.jobs.queue import DEFAULT_GRACE
from infrastructure.containers import PostgresContainer
from infrastructure.event_loop import run
from infrastructure.logs import configure_logging
from infrastructure.workshop import Workshop, container_workshop

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def work(
    workshop: Workshop,
    queues: Collection[str] = (),
    grace: timedelta = DEFAULT_GRACE,
    *,
    ends_with_input: bool = False,
) -> None:
    """Run the jobs of all queues, or of those named, until the process is asked to stop, by SIGTERM or Ctrl-C.

    Then take no more, and let the running ones finish within `grace`. Asked a second time, the process
    ends at once; what it was doing is rolled back and done by others. With `ends_with_input` the end of
    standard input asks, too: the process that holds its other end is gone.
    """
    asked = _asked_to_stop()
    if ends_with_input:
        _watch_input(asked)
    async with workshop(queues) as working:
        await asked.wait()
        await asyncio.gather(*(queue.shutdown(grace) for queue in working))


def _asked_to_stop() -> asyncio.Event:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        asked.set()
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    return asked


def _watch_input(asked: asyncio.Event) -> None:
    loop, source = asyncio.get_running_loop(), sys.stdin.fileno()

    def read() -> None:
        if not os.read(source, 4096):
            loop.remove_reader(source)
            asked.set()

    loop.add_reader(source, read)


def main() -> None:
    """Work until asked to stop."""
    container = PostgresContainer()
    configure_logging(container.settings().log_level)
    run(work(container_workshop(container)))


if __name__ == "__main__":
    main()
