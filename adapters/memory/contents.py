"""What waits in one queue, as the objects that were enqueued."""

from collections.abc import Iterator
from datetime import datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob
from application.jobs.job_funcs import JobFuncs
from application.jobs.payloads import Payloads
from domain.jobs import JobId, UnreadablePayload, former_job_types_of, job_type_of


class Contents:
    """Reads the committed jobs of a queue that are ready or scheduled, and leaves them there."""

    def __init__(self, database: InMemoryDatabase, queue: str, payloads: Payloads, funcs: JobFuncs) -> None:
        self._database = database
        self._queue = queue
        self._payloads = payloads
        self._funcs = funcs

    def __len__(self) -> int:
        return len(self._database.jobs.waiting(self._queue))

    def __iter__(self) -> Iterator[object]:
        """Go through the jobs in the order they would run, as time stands now."""
        return (self._decoded(job) for job in self._in_order())

    @property
    def name(self) -> str:
        """The queue as it is shown to people."""
        return self._queue or "default"

    def of_type(self, job_class: type) -> Iterator[object]:
        """Go through the jobs of one class, those under its former names included."""
        names = _names(job_class)
        return (self._decoded(job) for job in self._in_order() if job.type in names)

    def count_type(self, job_class: type) -> int:
        """Count the jobs of one class, those under its former names included."""
        names = _names(job_class)
        return sum(job.type in names for job in self._database.jobs.waiting(self._queue))

    def described(self) -> Iterator[str]:
        """Say what each job is, unreadable ones included."""
        now = self._database.now()
        for job in self._in_order():
            try:
                text = repr(self._decoded(job))
            except UnreadablePayload:
                text = f"{job.type} {job.payload:.200}"
            yield text if job.run_at <= now else f"{text}, scheduled for {job.run_at.isoformat()}"

    def _in_order(self) -> list[StoredJob]:
        now = self._database.now()
        return sorted(self._database.jobs.waiting(self._queue), key=lambda job: _turn(job, now))

    def _decoded(self, job: StoredJob) -> object:
        job_class: type[object] | None = self._database.job_classes.get(job.type)
        if job_class is None:
            if job.type not in self._funcs:
                raise UnreadablePayload(job.type, "its class was neither enqueued nor registered in this process")
            job_class = self._funcs[job.type].job_class
        return self._payloads.decode(job.payload, job_class)


def _turn(job: StoredJob, now: datetime) -> tuple[bool, datetime, int, datetime, JobId]:
    later = job.run_at > now
    return later, job.run_at if later else now, job.priority, job.run_at, job.id


def _names(job_class: type) -> tuple[str, ...]:
    return (job_type_of(job_class), *former_job_types_of(job_class))
