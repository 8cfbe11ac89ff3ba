"""The units of work that are open on PostgreSQL."""

import asyncio
from abc import abstractmethod

from adapters.postgres.driver import Pool, PooledConnection
from application.jobs.open_units import OpenUnits, Unit


class PostgresUnit(Unit):
    """A transaction on a connection of one pool."""

    _lock: asyncio.Lock | None = None

    def __init__(self, pool: Pool) -> None:
        self.pool = self.database = pool

    @property
    def lock(self) -> asyncio.Lock:
        """Held for each of our statements: a connection does one thing at a time."""
        if self._lock is None:
            self._lock = asyncio.Lock()
        return self._lock

    def is_busy(self) -> bool:
        """Tell whether a statement of ours is under way. Most units never need the lock, so it is not taken to ask."""
        return self._lock is not None and self._lock.locked()

    @abstractmethod
    def begun(self) -> PooledConnection | None:
        """Return the connection where the transaction has begun, for who has just found the unit open."""

    @abstractmethod
    async def connection(self) -> PooledConnection:
        """Return the connection, in the transaction, which begins where it has not. Called with the lock held."""


units: OpenUnits[PostgresUnit] = OpenUnits("arrower_postgres_unit")


def open_unit(pool: Pool) -> PostgresUnit | None:
    """Return the unit of this pool that the calling context is in.

    Units of other pools are other databases: they are passed over, not joined.
    """
    return units.find(pool)
