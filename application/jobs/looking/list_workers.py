"""Listing workers."""

from application.jobs.looking.inspection import JobInspection
from application.jobs.looking.worker_record import WorkerRecord


class ListWorkers:
    """Tells who works."""

    def __init__(self, inspection: JobInspection) -> None:
        self._inspection = inspection

    async def __call__(self, queue: str | None = None) -> list[WorkerRecord]:
        """Return the pools that are alive, by queue and name; None is all queues."""
        return await self._inspection.workers(queue)
