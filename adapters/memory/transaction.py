"""What a unit of work in memory hands out to write through."""

from typing import Any

from adapters.memory.database import InMemoryDatabase
from adapters.memory.table import InMemoryTable
from adapters.memory.unit import InMemoryUnit


class InMemoryTransaction:
    """One database, seen from inside a unit of work. Repositories keep their rows in its tables."""

    def __init__(self, unit: InMemoryUnit, database: InMemoryDatabase) -> None:
        self._unit = unit
        self._database = database

    def table(self, name: str) -> InMemoryTable[Any, Any]:
        """Return a table by its name; one that was never written to is empty.

        Nobody else sees what is written before the unit of work commits. Raises `UnitOfWorkFailed` once
        the unit has ended or was aborted, and `AttemptLost` where it was that of an ended attempt.
        """
        self._unit.check_usable()
        return InMemoryTable(self._unit, self._unit.table(self._database.committed_table(name)))
