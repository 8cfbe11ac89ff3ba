"""The order of a list, which is that of an index."""

from datetime import UTC, datetime

import asyncpg

from adapters.postgres.looking.conditions import Parameters
from adapters.postgres.looking.instants import aware
from application.jobs.looking import Position
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import JobId, JobState

_OF_FINISHED = {"finished_at": "timestamptz", "id": "bigint"}
_OF_READY = {"priority": "bigint", "run_at": "timestamptz", "id": "bigint"}
_OF_SCHEDULED = {"run_at": "timestamptz", "id": "bigint"}
_OF_ENQUEUE = {"id": "bigint"}
_INFINITIES = {end.replace(tzinfo=UTC): end for end in (datetime.max, datetime.min)}  # noqa: DTZ901  # asyncpg's own
"""What stands for the infinities of PostgreSQL, and as what asyncpg takes them."""


class ListOrder:
    """By which columns a list is ordered, and from which end it is read."""

    def __init__(self, state: JobState | None, *, newest_first: bool) -> None:
        self._columns = _columns_of(state)
        self._direction, self._back, self.beyond = ("desc", "asc", "<") if newest_first else ("asc", "desc", ">")

    @property
    def by(self) -> str:
        """The clause `order by`."""
        return "order by " + ", ".join(f"{column} {self._direction}" for column in self._columns)

    @property
    def backwards(self) -> str:
        """The columns in the other direction."""
        return ", ".join(f"{column} {self._back}" for column in self._columns)

    def row(self, table: str) -> str:
        """Return what is compared of a row."""
        return f"({', '.join(f'{table}.{column}' for column in self._columns)})"

    def follows(self, parameters: Parameters, after: Position | None) -> str:
        """Return the condition that a row comes after a place."""
        if after is None:
            return "true"
        at = None if after.at is None else _INFINITIES.get(after.at, after.at)
        values = {"priority": after.priority, "run_at": at, "finished_at": at, "id": after.id}
        there = (f"{parameters.add(values[column])}::{kind}" for column, kind in self._columns.items())
        return f"({', '.join(self._columns)}) {self.beyond} ({', '.join(there)})"

    def position(self, row: asyncpg.Record) -> Position:
        """Return the place of a row."""
        at = next((row[column] for column in ("finished_at", "run_at") if column in self._columns), None)
        priority = row["priority"] if "priority" in self._columns else None
        return Position(None if at is None else aware(at), JobId(row["id"]), priority)


def _columns_of(state: JobState | None) -> dict[str, str]:
    if state is JobState.READY:
        return _OF_READY
    if state is JobState.SCHEDULED:
        return _OF_SCHEDULED
    return _OF_FINISHED if state in FINISHED else _OF_ENQUEUE
