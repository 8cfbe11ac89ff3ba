"""What the pages read, shared by all who look at the same."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from adapters.web.readings import Readings
from adapters.web.windows import WINDOWS, Window
from application.jobs.control_room import ControlRoom
from application.jobs.diagnosing import Finding
from application.jobs.looking import (
    Bucket,
    Count,
    DeadGroup,
    HealthReport,
    JobFilter,
    JobPage,
    JobView,
    QueueRecord,
    WorkerRecord,
)
from domain.jobs import JobId, JobState

ReadT = TypeVar("ReadT")


class Reader:
    """Asks the use cases of looking, each at most once in a turn for the same."""

    def __init__(self, control_room: ControlRoom, readings: Readings) -> None:
        self._room = control_room
        self._readings = readings

    async def now(self) -> datetime:
        """Return the time of the store: that of this host may be another."""
        return await self._readings.get("now", self._room.now)

    async def queues(self, window: Window) -> Sequence[QueueRecord]:
        """Return the queues, by name."""
        return await self._readings.get(("queues", window), lambda: self._room.queues(window.length))

    async def queue_names(self, window: Window) -> list[str]:
        """Return the names alone."""
        return [queue.name for queue in await self.queues(window)]

    async def throughput(self, window: Window) -> Sequence[Bucket]:
        """Return what ended within the window."""
        return await self._readings.get(
            ("throughput", window),
            lambda: self._since(window, self._room.throughput),
        )

    async def throughput_by_queue(self, window: Window) -> Mapping[str, Sequence[Bucket]]:
        """Return the same for each queue in which something ended."""
        return await self._readings.get(
            ("throughput by queue", window),
            lambda: self._since(window, self._room.throughput.by_queue),
        )

    async def _since(self, window: Window, read: Callable[..., Awaitable[ReadT]]) -> ReadT:
        return await read(await self.now() - window.length + window.step, step=window.step)

    async def counts(self, queue: str | None = None) -> Mapping[JobState, Count]:
        """Return how many jobs are in each state."""
        counted = [record.counts for record in await self.queues(WINDOWS[0]) if queue in (None, record.name)]
        return {state: _sum([counts[state] for counts in counted]) for state in JobState}

    async def workers(self, queue: str | None = None) -> Sequence[WorkerRecord]:
        """Return the living workers."""
        return await self._readings.get(("workers", queue), lambda: self._room.workers(queue))

    async def dead(self, queue: str | None = None) -> Sequence[DeadGroup]:
        """Return the dead jobs in groups."""
        return await self._readings.get(("dead", queue), lambda: self._room.dead(queue))

    async def database(self) -> HealthReport | None:
        """Return the state of the server."""
        return await self._readings.get("database", self._room.database)

    async def findings(self, report: HealthReport) -> Sequence[Finding]:
        """Return what is wrong with the server of which the report tells."""
        return await self._readings.get("findings", lambda: self._room.diagnose.server(report))

    async def job(self, job_id: JobId) -> JobView:
        """Return one job. Raises `JobNotFound`."""
        return await self._readings.get(("job", job_id), lambda: self._room.job(job_id))

    async def jobs(self, wanted: JobFilter, after: str | None, *, newest_first: bool) -> JobPage:
        """Return a page of jobs. Raises `InvalidRequest`."""
        return await self._readings.get(
            ("jobs", wanted, after, newest_first),
            lambda: self._room.jobs(wanted, after=after, newest_first=newest_first),
        )

    async def found_at_once(self, wanted: JobFilter) -> Sequence[JobState]:
        """Return the states by which jobs that match are found without a search."""
        found = await self._readings.get(("found at once", wanted), lambda: self._room.jobs.found_at_once(wanted))
        return list(found)

    async def matching(self, wanted: JobFilter) -> Count:
        """Return how many jobs match."""
        return await self._readings.get(("matching", wanted), lambda: self._room.jobs.count(wanted))


def _sum(counts: Sequence[Count]) -> Count:
    return Count(sum(counts), exact=all(count.exact for count in counts))
