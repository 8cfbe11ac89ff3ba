"""The workers of a database, and which of them are dead."""

from collections.abc import Iterator
from datetime import datetime

from adapters.memory.stored import Worker
from application.jobs.job_store import Registration, WorkerId


class WorkerTable:
    """Keeps the workers that are registered. Ids are never reused, so a dead one stays dead."""

    def __init__(self) -> None:
        self._workers: dict[WorkerId, Worker] = {}
        self._last_id = 0

    def __iter__(self) -> Iterator[Worker]:
        return iter(self._workers.values())

    def add(self, queue: str, registration: Registration, now: datetime) -> Worker:
        """Register a worker."""
        self._last_id += 1
        worker = Worker(WorkerId(self._last_id), queue, registration, started_at=now, last_seen=now)
        self._workers[worker.id] = worker
        return worker

    def alive(self, worker: WorkerId) -> Worker | None:
        """Return a worker that neither left nor died."""
        found = self._workers.get(worker)
        return None if found is None or found.vanished else found

    def remove(self, worker: Worker) -> None:
        """Forget a worker that left or died."""
        self._workers.pop(worker.id, None)

    def dead(self, now: datetime) -> list[Worker]:
        """Return those that vanished, or were not heard of for longer than their lease."""
        return [
            worker
            for worker in self._workers.values()
            if worker.vanished or worker.last_seen + worker.registration.lease < now
        ]
