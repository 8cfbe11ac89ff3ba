"""Telling the running pools what may be worth a look."""

from collections import defaultdict

from application.jobs.job_store import PoolSignals


class Signals:
    """The pools that listen, by queue."""

    def __init__(self) -> None:
        self._pools: defaultdict[str, set[PoolSignals]] = defaultdict(set)

    def subscribe(self, queue: str, pool: PoolSignals) -> None:
        """Signal to `pool` what concerns its queue."""
        self._pools[queue].add(pool)

    def unsubscribe(self, queue: str, pool: PoolSignals) -> None:
        """Signal to `pool` no more."""
        self._pools[queue].discard(pool)

    def ready(self, queue: str) -> None:
        """There may be something to claim."""
        for pool in tuple(self._pools[queue]):
            pool.jobs_ready()

    def scheduled(self, queue: str) -> None:
        """There may be something due earlier than known."""
        for pool in tuple(self._pools[queue]):
            pool.jobs_scheduled()

    def called_off(self, queue: str) -> None:
        """Somebody may want a running job to be called off."""
        for pool in tuple(self._pools[queue]):
            pool.jobs_called_off()

    def look_again(self) -> None:
        """Anything may have changed, for everybody."""
        for pools in tuple(self._pools.values()):
            for pool in tuple(pools):
                pool.look_again()
