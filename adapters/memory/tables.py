"""Rows of the application: what is committed, and what one unit of work wants to change."""

from collections.abc import Hashable, Iterator
from typing import Final, NamedTuple

from domain.jobs import UnitOfWorkFailed


class WriteConflict(UnitOfWorkFailed):
    """Another unit of work, begun before this one ended, wrote the same row and committed first.

    PostgreSQL would have let the second writer wait for the first. Memory lets it fail, as PostgreSQL
    does in the isolation level `repeatable read`. Tried again, it finds the row of the first.
    """

    def __init__(self, table: str, key: Hashable) -> None:
        super().__init__(f"another unit of work has committed a change to {table}[{key!r:.100}] meanwhile")
        self.table = table
        self.key = key


class Row:
    """One committed version of a value. Each commit makes another, also of an equal value."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


class CommittedTable:
    """The rows everybody sees."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[Hashable, Row] = {}


class Absence(NamedTuple):
    """The value of a key that has none."""


ABSENT: Final = Absence()


class StagedTable:
    """The rows one unit sees: the committed ones with its own changes above them."""

    def __init__(self, committed: CommittedTable) -> None:
        self.name = committed.name
        self._committed = committed
        self._seen: dict[Hashable, Row | None] = {}
        self._changes: dict[Hashable, object] = {}

    def read(self, key: Hashable) -> object:
        """Return the value itself, not a copy, or `ABSENT`."""
        if key in self._changes:
            return self._changes[key]
        row = self._see(key)
        return ABSENT if row is None else row.value

    def change(self, key: Hashable, value: object) -> None:
        """Stage a value, or `ABSENT` to remove the key."""
        self._see(key)
        self._changes[key] = value

    def visible_keys(self) -> Iterator[Hashable]:
        """Go through the keys the unit sees, in the order in which they were first committed or staged."""
        merged = {**dict.fromkeys(self._committed.rows), **self._changes}
        return (key for key, value in merged.items() if value is not ABSENT)

    def check(self) -> None:
        """Raise `WriteConflict` where a row to be changed is not the one this unit knew."""
        for key in self._changes:
            if self._committed.rows.get(key) is not self._seen[key]:
                raise WriteConflict(self.name, key)

    def apply(self) -> None:
        """Commit the changes."""
        for key, value in self._changes.items():
            if value is ABSENT:
                self._committed.rows.pop(key, None)
            else:
                self._committed.rows[key] = Row(value)

    def _see(self, key: Hashable) -> Row | None:
        # The first sight counts: what is written later may be computed from it.
        row = self._committed.rows.get(key)
        self._seen.setdefault(key, row)
        return row
