"""Units of work in memory."""

from types import TracebackType

from adapters.memory.database import InMemoryDatabase
from adapters.memory.transaction import InMemoryTransaction
from adapters.memory.unit import ALL_IN_MEMORY, InMemoryUnit, open_unit, units
from application.jobs.open_units import PlainUnit, end
from domain.jobs import UnitOfWork


class InMemoryUnitOfWork(UnitOfWork):
    """Several writes, and the jobs enqueued between them, as one commit.

    Isolation is that of PostgreSQL's default, with one difference: of two units that change the same row
    at the same time the second does not wait for the first, its commit fails with `WriteConflict`.

    In-memory databases of one process share their units: a unit opened inside that of another database
    joins it, and the outermost block commits them all at once.
    """

    def __init__(self, database: InMemoryDatabase | None = None) -> None:
        """Write to `database`, or to one of its own."""
        self._database = database or InMemoryDatabase()

    async def __aenter__(self) -> InMemoryTransaction:
        """Begin, or join the unit that is open here.

        Raises `AttemptLost` in a job func whose attempt lost its job or has ended.
        """
        unit = open_unit()
        owned = unit is None
        if unit is None:
            unit = _PlainInMemoryUnit()
        unit.begin()
        units.enter(unit, owned=owned)
        return InMemoryTransaction(unit, self._database)

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit or roll back as `UnitOfWork.__aexit__` promises. Raises `UnitOfWorkFailed`."""
        unit = units.leave(ALL_IN_MEMORY, failed=error is not None)
        if unit is not None:
            await end(unit, failed=error is not None)


class _PlainInMemoryUnit(InMemoryUnit, PlainUnit):
    def __init__(self) -> None:
        super().__init__()
        self._ended = False

    def is_open(self) -> bool:
        return not self._ended

    async def commit(self) -> None:
        self._ended = True
        try:
            self.check_commit()
            self.apply()
        finally:
            self.drop()

    async def rollback(self) -> None:
        self._ended = True
        self.drop()
