"""The port for the state of the database server, as far as it concerns the queues."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableHealth:
    """One table of the queue. Sizes are bytes, rows are the server's estimates."""

    name: str
    rows: int
    dead_rows: int
    table_bytes: int
    index_bytes: int
    last_vacuum: datetime | None
    """By hand or by itself."""
    last_analyze: datetime | None
    vacuum_due: bool
    """It has more dead rows than those at which autovacuum should have come."""


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """One index of a table of the queue."""

    name: str
    table: str
    bytes: int
    scans: int
    """How often it was used since statistics were reset."""


class HolderKind(StrEnum):
    """What holds a snapshot."""

    SESSION = "session"
    PREPARED_TRANSACTION = "prepared transaction"
    REPLICATION_SLOT = "replication slot"


@dataclass(frozen=True, slots=True)
class SnapshotHolder:
    """Who keeps the server from cleaning up dead rows."""

    kind: HolderKind
    name: str
    """The slot, the prepared transaction, or the application name of the session."""
    pid: int | None
    user: str | None
    state: str | None
    """Of a session: active, idle in transaction, …"""
    age: timedelta | None
    """Since its transaction began; None where the server does not tell."""
    transactions: int
    """How many transactions began since."""
    query: str | None
    """What the session does, or did last; None where the server hides it from this role."""
    query_started_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionLimit:
    """What keeps a role, or a database, from having more connections than so many."""

    of: str
    """As in `role shop`."""
    limit: int
    connections: int
    """In use."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A database server with the tables of the queues."""

    server_version: str
    schema_version: int
    """The last migration that was applied; 0 where there are no tables."""
    needed_version: int
    """The last migration this code knows."""
    tables: Sequence[TableHealth]
    indexes: Sequence[IndexHealth]
    oldest_snapshots: Sequence[SnapshotHolder]
    """The oldest first; some sessions are always among them."""
    notification_queue_usage: float
    """From 0 to 1; full, every notification fails."""
    connections: int
    """In use on the whole server."""
    connection_limit: int
    """What is there for ordinary roles."""
    other_limits: Sequence[ConnectionLimit]
    """Those of the database, and of the roles as which workers are connected; none where they are not limited."""
    pooler: bool
    """Whether something stands between this process and the server that breaks LISTEN and session locks."""
    pooled_workers: int
    """Living worker pools that came by way of such a thing."""
    autovacuum: bool
    migrated_at: datetime | None
    """When the first tables were created."""
    seen_at: datetime
    ended_uncounted: int = 0
    """Jobs that ended in the last minutes and are in no statistics yet, up to some hundreds of thousands."""

    @property
    def is_migrated(self) -> bool:
        """Whether the tables are at least of the version this code needs."""
        return self.schema_version >= self.needed_version


class DatabaseTrouble(StrEnum):
    """Why the database could not be asked, where that is no fault of the question."""

    UNREACHABLE = "unreachable"
    """There is no server, or it lets nobody in."""
    NOT_MIGRATED = "not migrated"
    """The tables are missing, or older than this code."""
    NOT_ALLOWED = "not allowed"
    """The role that asks lacks a right."""
    TOO_SLOW = "too slow"
    """The server ended a statement that took too long, or waited too long for a lock."""


class DatabaseHealth(Protocol):
    """Looks at the server. Needs no more rights than reading; what is hidden is None."""

    @abstractmethod
    async def report(self) -> HealthReport | None:
        """Return the state of the server; None where jobs are kept without one."""

    @abstractmethod
    def trouble(self, error: Exception) -> DatabaseTrouble | None:
        """Tell what an error that any of the ports raised says of the database; None where it says nothing."""
