"""What the parts of the store have in common."""

from adapters.memory.database import InMemoryDatabase


class StorePart:
    """One queue of a database."""

    def __init__(self, database: InMemoryDatabase, queue: str) -> None:
        self._database = database
        self._queue = queue
