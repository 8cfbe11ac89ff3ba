"""A database in memory: jobs, workers, and the application's own tables."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from adapters.memory.clock import SystemClock
from adapters.memory.job_table import JobTable
from adapters.memory.rescue import rescue
from adapters.memory.signals import Signals
from adapters.memory.tables import CommittedTable
from adapters.memory.worker_table import WorkerTable
from application.jobs.job_store import Maintenance, RescuedJobs, WorkerId
from domain.jobs import Clock


class InMemoryDatabase:
    """Everything that queues, units of work and inspection share, as they would share a database.

    ::

        database = InMemoryDatabase()
        queue = InMemoryQueue(database)
        unit_of_work = InMemoryUnitOfWork(database)

    Any number of queues, and of pools of the same queue, can work on one database. It belongs to one
    event loop and its thread. Nothing survives the process.
    """

    def __init__(self, clock: Clock | None = None, keep_completed: timedelta = timedelta(hours=24)) -> None:
        """Start empty. All times are those of `clock`, the host's by default.

        Completed and cancelled jobs are pruned by running pools once they are `keep_completed` old.
        """
        self._clock = clock or SystemClock()
        self._keep_completed = keep_completed
        self._tables: dict[str, CommittedTable] = {}
        self.signals = Signals()
        self.jobs = JobTable(self.signals)
        self.workers = WorkerTable()
        self.paused: dict[str, datetime] = {}
        """The queues nobody takes jobs from, and since when."""
        self.job_classes: dict[str, type] = {}
        """The class that was last enqueued here under each type name."""
        self._clock.on_jump(self.signals.look_again)

    def now(self) -> datetime:
        """Return the database's time, timezone-aware UTC."""
        return self._clock.now()

    def rows(self, table: str) -> dict[Any, Any]:
        """Return a copy of what is committed in a table; empty where it was never written to."""
        return {key: deepcopy(row.value) for key, row in self.committed_table(table).rows.items()}

    def vanish(self, worker: WorkerId | str) -> None:
        """Let a worker look as if its process had been killed: by its id, or all those of a pool name.

        It claims nothing more, and the next maintenance of any pool gives its jobs away. An attempt that
        really goes on until then still owns its job. Unknown workers are ignored.
        """
        for registered in self.workers:
            if worker in (registered.id, registered.registration.pool_name):
                registered.vanished = True

    def maintain(self) -> Maintenance:
        """Rescue the jobs of dead workers, and prune what is older than its retention."""
        now = self.now()
        rescued: list[RescuedJobs] = []
        for worker in self.workers.dead(now):
            self.workers.remove(worker)
            rescued.append(rescue(worker, self.jobs, now))
        self.jobs.end_called_off(now)
        return Maintenance(rescued, self.jobs.prune(now - self._keep_completed))

    def committed_table(self, name: str) -> CommittedTable:
        """Return the committed rows themselves. For units of work."""
        if name not in self._tables:
            self._tables[name] = CommittedTable(name)
        return self._tables[name]
