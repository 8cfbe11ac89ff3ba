"""A worker process on PostgreSQL: `ARROWER_DSN=postgresql://… python -m infrastructure.worker`."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from application.jobs.job_queue import JobQueue
from application.jobs.worker_health import WorkerHealth
from domain.jobs import Queue
from domain.jobs.queue import DEFAULT_GRACE
from infrastructure.containers import ApplicationContainer, PostgresContainer
from infrastructure.event_loop import run
from infrastructure.health import health_app, served
from infrastructure.job_funcs import register_job_funcs
from infrastructure.logs import configure_logging

logger = logging.getLogger("arrower.process")

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def work(container: ApplicationContainer, grace: timedelta = DEFAULT_GRACE) -> None:
    """Run the jobs of all queues until the process is asked to stop, by SIGTERM or Ctrl-C.

    Then take no more, and let the running ones finish within `grace`. Asked a second time, the process
    ends at once; what it was doing is rolled back and done by others.
    """
    asked = _asked_to_stop()
    async with container.resources():
        queues = await register_job_funcs(container)
        async with _telling_health(container, queues):
            await asked.wait()
            await asyncio.gather(*(queue.shutdown(grace) for queue in queues))


@asynccontextmanager
async def _telling_health(container: ApplicationContainer, queues: Sequence[Queue]) -> AsyncGenerator[None, None]:
    settings = container.settings()
    if settings.health_port is None:
        yield
        return
    pools = [queue for queue in queues if isinstance(queue, JobQueue)]
    health = WorkerHealth(container.probe(), lambda: [pool.pulse() for pool in pools])
    async with served(health_app(health), settings.health_host, settings.health_port) as port:
        logger.info("health is told at http://%s:%d/livez and /readyz", settings.health_host, port)
        yield


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
