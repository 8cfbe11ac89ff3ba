"""Enqueueing to any queue."""

from adapters.memory.database import InMemoryDatabase
from adapters.memory.store import InMemoryStore
from application.jobs.acting import HandIntake
from application.jobs.job_store import Enqueueing
from domain.jobs import JobId


class InMemoryHandIntake(HandIntake):
    """Writes to the store of the queue, in the unit of work of the calling context where there is one."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Enqueue to all queues of `database`."""
        self._database = database

    async def enqueue(self, queue: str, enqueueing: Enqueueing) -> list[JobId]:
        return await InMemoryStore(self._database, queue).enqueue(enqueueing)
