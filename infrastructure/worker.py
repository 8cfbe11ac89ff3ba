"""A worker process on PostgreSQL: `ARROWER_DSN=postgresql://… python -m infrastructure.worker`."""

import asyncio
import signal
from datetime import timedelta

from domain.jobs.queue import DEFAULT_GRACE
from infrastructure.containers import ApplicationContainer, PostgresContainer
from infrastructure.event_loop import run
from infrastructure.job_funcs import register_job_funcs
from infrastructure.logs import configure_logging

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def work(container: ApplicationContainer, grace: timedelta = DEFAULT_GRACE) -> None:
    """Run the jobs of all queues until the process is asked to stop, by SIGTERM or Ctrl-C.

    Then take no more, and let the running ones finish within `grace`. Asked a second time, the process
    ends at once; what it was doing is rolled back and done by others.
    """
    asked = _asked_to_stop()
    async with container.resources():
        queues = await register_job_funcs(container)
        await asked.wait()
        await asyncio.gather(*(queue.shutdown(grace) for queue in queues))


def _asked_to_stop() -> asyncio.Event:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        asked.set()
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    return asked


def main() -> None:
    """Work until asked to stop."""
    container = PostgresContainer()
    configure_logging(container.settings().log_level)
    run(work(container))


if __name__ == "__main__":
    main()
