"""The PostgreSQL schema that holds everything of the queue."""

import zlib
from dataclasses import dataclass

from domain.jobs import InvalidQueueOption

_LONGEST_IDENTIFIER = 63

_MOVED = "id, queue, type, payload, priority, run_at, attempt, fence, worker, enqueued_at, carrier"
"""What a job takes along as it is when it moves from `jobs` to `finished_jobs`; the statement says the rest."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema by its name. Raises `InvalidQueueOption` where PostgreSQL would not take the name."""

    name: str = "arrower"

    def __post_init__(self) -> None:
        name = self.name
        if not name.isprintable() or name.startswith("pg_"):
            msg = f"the schema must be a printable name that does not start with 'pg_', not {name!r:.80}"
            raise InvalidQueueOption(msg)
        if not 1 <= len(name.encode()) <= _LONGEST_IDENTIFIER:
            msg = f"the schema name {name!r:.80} must have from 1 to {_LONGEST_IDENTIFIER} bytes"
            raise InvalidQueueOption(msg)

    @property
    def quoted(self) -> str:
        """The name as an SQL identifier."""
        return '"' + self.name.replace('"', '""') + '"'

    @property
    def channel(self) -> str:
        """The notification channel: its own for each schema."""
        return self.name

    @property
    def key(self) -> int:
        """A signed 32-bit number that stands for the schema where only numbers fit."""
        return zlib.crc32(self.name.encode()) - 2**31

    def sql(self, statement: str) -> str:
        """Fill in a statement: `{schema}`, an identifier; `{channel}`, a literal; `{moved}`, a list of columns."""
        literal = "'" + self.channel.replace("'", "''") + "'"
        filled = statement.replace("{moved}", _MOVED)
        return filled.replace("{schema}", self.quoted).replace("{channel}", literal)
