"""The queue and the unit of work in memory, for tests and demos: the same semantics, no server."""

from adapters.memory.acting.operations import InMemoryOperations
from adapters.memory.assertions import QueueAssertions
from adapters.memory.clock import ManualClock, SystemClock
from adapters.memory.control_room import memory_control_room
from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.inspection import InMemoryInspection
from adapters.memory.looking.probe import InMemoryProbe
from adapters.memory.queue import InMemoryQueue
from adapters.memory.table import DuplicateKey, InMemoryTable
from adapters.memory.tables import WriteConflict
from adapters.memory.transaction import InMemoryTransaction
from adapters.memory.unit_of_work import InMemoryUnitOfWork

__all__ = [
    "DuplicateKey",
    "InMemoryDatabase",
    "InMemoryInspection",
    "InMemoryOperations",
    "InMemoryProbe",
    "InMemoryQueue",
    "InMemoryTable",
    "InMemoryTransaction",
    "InMemoryUnitOfWork",
    "ManualClock",
    "QueueAssertions",
    "SystemClock",
    "WriteConflict",
    "memory_control_room",
]
