"""A table of the application inside a unit of work."""

from collections.abc import Hashable, Iterator, MutableMapping
from copy import deepcopy
from typing import TypeVar, cast

from adapters.memory.tables import ABSENT, StagedTable
from adapters.memory.unit import InMemoryUnit

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class DuplicateKey(KeyError):
    """The key to be inserted exists. The unit of work can only be rolled back, as after an SQL error."""

    def __init__(self, table: str, key: Hashable) -> None:
        super().__init__(key)
        self.table = table
        self.key = key

    def __str__(self) -> str:
        return f"the key {self.key!r:.100} exists already in table {self.table!r}"


class InMemoryTable(MutableMapping[KeyT, ValueT]):
    """Committed rows, with the changes of this unit of work above them.

    Values are copied in and out: changing an object that was read or written changes nothing here until
    it is written again. What others commit meanwhile is seen (*read committed*). A unit that changes a
    row which another unit changed after this one first saw it fails to commit, with `WriteConflict`.

    Every use raises `UnitOfWorkFailed` once the unit has ended or was aborted, and `AttemptLost` where it
    was that of an attempt which has ended. A missing key is a `KeyError`, and harmless.
    """

    def __init__(self, unit: InMemoryUnit, staged: StagedTable) -> None:
        self._unit = unit
        self._staged = staged

    def insert(self, key: KeyT, value: ValueT) -> None:
        """Add a row that must not exist.

        Raises `DuplicateKey` where it does; that aborts the unit of work, even if it is swallowed. Where
        another unit inserts the same key and commits first, the commit of this one fails.
        """
        self._unit.check_usable()
        if self._staged.read(key) is not ABSENT:
            error = DuplicateKey(self._staged.name, key)
            self._unit.abort(str(error))
            raise error
        self._staged.change(key, deepcopy(value))

    def __getitem__(self, key: KeyT) -> ValueT:
        self._unit.check_usable()
        value = self._staged.read(key)
        if value is ABSENT:
            raise KeyError(key)
        return cast("ValueT", deepcopy(value))

    def __setitem__(self, key: KeyT, value: ValueT) -> None:
        self._unit.check_usable()
        self._staged.change(key, deepcopy(value))

    def __delitem__(self, key: KeyT) -> None:
        if key not in self:
            raise KeyError(key)
        self._staged.change(key, ABSENT)

    def __contains__(self, key: object) -> bool:
        self._unit.check_usable()
        return self._staged.read(key) is not ABSENT

    def __iter__(self) -> Iterator[KeyT]:
        self._unit.check_usable()
        return iter(cast("list[KeyT]", list(self._staged.visible_keys())))

    def __len__(self) -> int:
        self._unit.check_usable()
        return sum(1 for _ in self._staged.visible_keys())

    def __repr__(self) -> str:
        return f"<table {self._staged.name!r} in a unit of work>"
