"""How units of work nest: what is open in a context, who joins, and who ends it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import ContextVar
from typing import Generic, NamedTuple, TypeVar

from domain.jobs import UnitOfWorkFailed


class Unit(ABC):
    """A transaction that everything in its context shares."""

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


class _Entry(NamedTuple):
    unit: Unit
    owned: bool
    """Whether leaving this level ends the unit."""
    outer: "_Entry | None"


class OpenUnits(Generic[UnitT]):
    """The units of one adapter, as each context sees them: a task started inside sees them, too."""

    def __init__(self, name: str) -> None:
        self._innermost: ContextVar[_Entry | None] = ContextVar(name, default=None)

    def find(self, concerns: Callable[[UnitT], bool]) -> UnitT | None:
        """Return the innermost open unit that is the caller's concern."""
        entry = self._innermost.get()
        while entry is not None:
            unit: UnitT = entry.unit  # type: ignore[assignment]  # only UnitT are entered
            if concerns(unit) and unit.is_open():
                return unit
            entry = entry.outer
        return None

    def begin_attempt(self, unit: UnitT) -> None:
        """Make the unit of an attempt the only one of this context."""
        self._innermost.set(_Entry(unit, owned=False, outer=None))

    def enter(self, unit: UnitT, *, owned: bool) -> None:
        """Enter a block: a unit it began, or one that it joins."""
        self._innermost.set(_Entry(unit, owned, self._innermost.get()))

    async def leave(self, concerns: Callable[[UnitT], bool], *, failed: bool) -> None:
        """Leave the innermost block; end the unit where this block began it."""
        entry = self._innermost.get()
        if entry is None or not concerns(entry.unit):  # type: ignore[arg-type]  # as above
            msg = "a unit of work must be left in the task that entered it"
            raise UnitOfWorkFailed(msg)
        self._innermost.set(entry.outer)
        entry.unit.doomed = entry.unit.doomed or failed
        if entry.owned and isinstance(entry.unit, PlainUnit):
            await _end(entry.unit, failed=failed)


async def _end(unit: PlainUnit, *, failed: bool) -> None:
    if not unit.doomed:
        await unit.commit()
        return
    await unit.rollback()
    if not failed:
        msg = "a block inside the unit of work failed, so all of it was rolled back"
        raise UnitOfWorkFailed(msg)
