"""Pausing and resuming queues."""

from adapters.memory.database import InMemoryDatabase
from application.jobs.acting import QueueSwitch


class InMemoryQueueSwitch(QueueSwitch):
    """Acts at once."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Switch the queues of `database`."""
        self._database = database

    async def pause(self, queue: str) -> bool:
        if queue in self._database.paused:
            return False
        self._database.paused[queue] = self._database.now()
        return True

    async def resume(self, queue: str) -> bool:
        if self._database.paused.pop(queue, None) is None:
            return False
        self._database.signals.ready(queue)
        return True
