"""How many jobs to claim ahead."""


class Prefetch:
    """Keeps as many jobs at hand as will start within a moment, measured by how fast they end.

    Slow jobs are claimed when there is a free place for them, so that other workers can have the
    rest; fast ones in batches, so that a claim is shared by many.
    """

    def __init__(self, pool_size: int, *, horizon: float = 0.1, most: int = 4_000) -> None:
        """Look `horizon` seconds ahead, and never hold more than `most` jobs that have not started."""
        self._pool_size = pool_size
        self._horizon = horizon
        self._most = most
        self._wanted = 0
        self._busy_since: float | None = None
        self._busy_for = 0.0
        self._ended = 0

    def jobs_started(self, now: float) -> None:
        """Note that something runs from this instant on, in seconds of a monotonic clock."""
        if self._busy_since is None:
            self._busy_since = now

    def jobs_ended(self, number: int, now: float, *, idle: bool) -> None:
        """Count jobs that ended at this instant. `idle`: nothing runs any more."""
        self._ended += number
        since = now if self._busy_since is None else self._busy_since
        self._busy_for += now - since
        self._busy_since = None if idle else now
        if self._ended >= _ENOUGH or self._busy_for >= _WINDOW:
            per_second = self._ended / max(self._busy_for, _SHORTEST)
            self._wanted = min(int(per_second * self._horizon), self._most)
            self._busy_for, self._ended = 0.0, 0

    def limit(self, running: int, buffered: int, jobs_at_once: int = 1) -> int:
        """Return how many jobs to claim now; zero as long as a claim would bring few.

        `running` are calls of job funcs, each of which may take `jobs_at_once`; `buffered` are jobs.
        """
        wanted = self._wanted
        free = min((self._pool_size - running) * jobs_at_once, max(self._most, self._pool_size))
        if buffered > free + max(wanted // 2, wanted - _MANY):
            return 0
        return max(0, free + wanted - buffered)


_MANY = 1_000
"""A claim of so many is as cheap for each as can be. Smaller ones wait until half of what is wanted has started."""

_ENOUGH = 10
_WINDOW = 1.0
_SHORTEST = 1e-6
