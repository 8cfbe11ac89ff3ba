"""What every measurement works with."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.benchmarks.database import Database
from tests.benchmarks.server import Server


@dataclass(frozen=True)
class Bench:
    """The server, and how much of each case is wanted."""

    server: Server
    scale: float = 1.0
    _numbers: "count[int]" = field(default_factory=count)

    def jobs(self, number: int, *, least: int = 100) -> int:
        """Return the share of a number that is wanted, in hundreds."""
        return max(least, round(number * self.scale / 100) * 100)

    @asynccontextmanager
    async def database(self) -> AsyncGenerator[Database, None]:
        """Create a database, and drop it at the end."""
        database = Database(self.server, f"bench_{next(self._numbers)}")
        await database.create()
        try:
            yield database
        finally:
            await database.drop()
