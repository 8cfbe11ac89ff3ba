"""The world in memory."""

from collections.abc import Sequence
from itertools import count
from typing import Any, cast

from adapters.memory import (
    DuplicateKey,
    InMemoryDatabase,
    InMemoryInspection,
    InMemoryOperations,
    InMemoryQueue,
    InMemoryUnitOfWork,
    memory_control_room,
)
from adapters.memory.acting.bulk_operations import InMemoryBulkOperations
from adapters.memory.looking.job_listing import InMemoryJobListing
from adapters.memory.store import InMemoryStore
from application.jobs.job_queue import JobQueue
from application.jobs.looking import JobListing
from domain.jobs import Queue
from tests.worlds.hand_worker import HandWorker, Seat
from tests.worlds.jobs import JOB_CLASSES
from tests.worlds.world import World


class MemorySeat(Seat):
    """Any number of workers on one database."""

    def __init__(self, world: "MemoryWorld", queue: str) -> None:
        self.store = InMemoryStore(world.database, queue)
        self._world = world

    async def write(self, note: str) -> None:
        """Write a note through the unit of work."""
        await self._world.write(note)


class MemoryWorld(World):
    """One `InMemoryDatabase`."""

    StatementFailed = DuplicateKey

    def __init__(self) -> None:
        super().__init__()
        self.database = InMemoryDatabase(self.clock)
        self.unit_of_work = self._unit_of_work = InMemoryUnitOfWork(self.database)
        self.inspection = InMemoryInspection(self.database)
        self.operations = InMemoryOperations(self.database)
        self.bulk_operations = InMemoryBulkOperations(self.database)
        self.room = memory_control_room(self.database, job_classes=JOB_CLASSES)
        self._numbers = count(1)

    def listing(self, most_read: int) -> JobListing:
        """List as `World.listing` says."""
        return InMemoryJobListing(self.database, most_read=most_read)

    async def write(self, note: str) -> None:
        """Write as `World.write` says."""
        async with self._unit_of_work as transaction:
            transaction.table("effects")[next(self._numbers)] = note

    async def effects_seen_inside(self) -> Sequence[str]:
        """Return as `World.effects_seen_inside` says."""
        async with self._unit_of_work as transaction:
            return sorted(transaction.table("effects").values())

    async def fail_a_statement(self) -> None:
        """Insert the same row twice, catching nothing and leaving no block by the error."""
        async with self._unit_of_work as transaction:
            table = transaction.table("customers")
            table["ADA"] = "Ada Lovelace"
        table.insert("ADA", "Ada Byron")

    async def kill(self, worker: HandWorker) -> None:
        """Kill as `World.kill` says."""
        self.database.vanish(worker.id)

    async def freeze(self, pool_name: str) -> None:
        """Freeze as `World.freeze` says."""
        self.database.vanish(pool_name)

    async def _others_have_rescued(self) -> None:
        """Do nothing: in memory no rescue is ever half done."""

    def _new_queue(self, name: str, options: dict[str, Any]) -> JobQueue:
        return InMemoryQueue(self.database, name, **options)

    async def _start(self, queue: Queue) -> None:
        await cast("InMemoryQueue", queue).start()

    async def _new_seat(self, queue: str) -> Seat:
        return MemorySeat(self, queue)

    async def _committed_effects(self) -> list[str]:
        return list(self.database.rows("effects").values())
