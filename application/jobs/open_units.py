"""How units of work nest: what is open in a context, who joins, and who ends it."""

from abc import ABC, abstractmethod
from contextvars import ContextVar
from typing import Generic, TypeAlias, TypeVar

from domain.jobs import UnitOfWorkFailed


class Unit(ABC):
    """A transaction that everything in its context shares."""

    database: object
    """What it is a transaction of: blocks of the same database join it, those of others pass it over."""

    doomed = False
    """A block inside was left by an exception, so it can only be rolled back."""

    @abstractmethod
    def is_open(self) -> bool:
        """Tell whether it can be joined. Raises `AttemptLost` where it ended and must not be replaced."""


class PlainUnit(Unit):
    """A unit that ends with the block that began it."""

    @abstractmethod
    async def commit(self) -> None:
        """Commit. Raises `UnitOfWorkFailed` where it could only be rolled back."""

    @abstractmethod
    async def rollback(self) -> None:
        """Roll back. Never raises what the connection to the store raises."""


UnitT = TypeVar("UnitT", bound=Unit)


_Block: TypeAlias = tuple[Unit, bool, "_Block | None"]
"""The unit of a block, whether leaving the block ends it, and the block around this one: made for each job."""


class OpenUnits(Generic[UnitT]):
    """The units of one adapter, as each context sees them: a task started inside sees them, too."""

    def __init__(self, name: str) -> None:
        self._innermost: ContextVar[_Block | None] = ContextVar(name, default=None)

    def find(self, database: object) -> UnitT | None:
        """Return the innermost open unit of this database."""
        block = self._innermost.get()
        while block is not None:
            unit, _, block = block
            if unit.database is database and unit.is_open():
                return unit  # type: ignore[return-value]  # only UnitT are entered
        return None

    def begin_attempt(self, unit: UnitT) -> None:
        """Make the unit of an attempt the only one of this context."""
        self._innermost.set((unit, False, None))

    def enter(self, unit: UnitT, *, owned: bool) -> None:
        """Enter a block: a unit it began, or one that it joins."""
        self._innermost.set((unit, owned, self._innermost.get()))

    def leave(self, database: object, *, failed: bool) -> PlainUnit | None:
        """Leave the innermost block. Returns the unit where this block began it: it is to be ended."""
        block = self._innermost.get()
        if block is None or block[0].database is not database:
            msg = "a unit of work must be left in the task that entered it"
            raise UnitOfWorkFailed(msg)
        unit, owned, outer = block
        self._innermost.set(outer)
        if failed:
            unit.doomed = True
        return unit if owned and isinstance(unit, PlainUnit) else None


async def end(unit: PlainUnit, *, failed: bool) -> None:
    """End a unit whose block was left. Raises `UnitOfWorkFailed` where a block inside failed, and this one did not."""
    if not unit.doomed:
        await unit.commit()
        return
    await unit.rollback()
    if not failed:
        msg = "a block inside the unit of work failed, so all of it was rolled back"
        raise UnitOfWorkFailed(msg)
