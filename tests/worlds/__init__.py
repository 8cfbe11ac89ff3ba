"""One world per adapter: everything a suite needs to try the queue's promises, by the same names."""

from tests.worlds.hand_worker import HandWorker
from tests.worlds.memory_world import MemoryWorld
from tests.worlds.postgres_world import PostgresWorld, open_postgres_world
from tests.worlds.world import World

__all__ = ["HandWorker", "MemoryWorld", "PostgresWorld", "World", "open_postgres_world"]
