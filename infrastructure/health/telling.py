"""Telling the health of a worker process while it works."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from application.jobs.job_queue import JobQueue
from application.jobs.worker_health import DatabaseProbe, WorkerHealth
from domain.jobs import Queue
from infrastructure.health.app import health_app
from infrastructure.health.server import served
from infrastructure.settings import HealthSettings

logger = logging.getLogger("arrower.process")


@asynccontextmanager
async def telling_health(
    settings: HealthSettings, probe: DatabaseProbe, queues: Sequence[Queue]
) -> AsyncGenerator[None]:
    """Serve it for the length of a block, if the settings name a port.

    `queues` are those that this process works. Raises `OSError` where the port is taken.
    """
    if settings.health_port is None:
        yield
        return
    pools = [queue for queue in queues if isinstance(queue, JobQueue)]
    health = WorkerHealth(probe, lambda: [pool.pulse() for pool in pools])
    async with served(health_app(health), settings.health_host, settings.health_port) as port:
        logger.info("health is told at http://%s:%d/livez and /readyz", settings.health_host, port)
        yield
