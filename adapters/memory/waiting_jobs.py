"""The jobs of one queue that wait: for a worker, or for their time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace

from adapters.memory.line import Line
from adapters.memory.stored import StoredJob
from domain.jobs import JobState

_READY = JobState.READY


class WaitingJobs:
    """One line per type for the ready ones, so that a type nobody knows is in nobody's way."""

    def __init__(self) -> None:
        self._ready: dict[str, Line] = {}
        self._scheduled = Line()

    def __len__(self) -> int:
        return len(self._scheduled) + sum(map(len, self._ready.values()))

    def __iter__(self) -> Iterator[StoredJob]:
        """Go through all of them, in no order."""
        for line in self._ready.values():
            yield from line
        yield from self._scheduled

    def add(self, job: StoredJob) -> None:
        """Let a ready or scheduled job wait."""
        if job.state is _READY:
            line = self._ready.get(job.type)
            if line is None:
                line = self._ready[job.type] = Line()
            line.join((job.priority, job.run_at, job.id, job))
        else:
            self._scheduled.join((job.run_at, job.priority, job.id, job))

    def remove(self, job: StoredJob) -> None:
        """Let a ready or scheduled job wait no more."""
        line = self._ready[job.type] if job.state is _READY else self._scheduled
        line.leave(job)

    def take(self, types: Sequence[str], limit: int) -> list[StoredJob]:
        """Remove and return the first ready jobs of these types."""
        lines = [line for job_type in types if (line := self._ready.get(job_type)) is not None]
        heads = [(place, line) for line in lines if (place := line.first()) is not None]
        heapify(heads)
        taken: list[StoredJob] = []
        while heads and len(taken) < limit:
            place, line = heads[0]
            taken.append(place[3])
            line.leave_first()
            following = line.first()
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (following, line))
        return taken

    def take_due(self, now: datetime) -> list[StoredJob]:
        """Remove and return the scheduled jobs whose time has come."""
        due: list[StoredJob] = []
        while (place := self._scheduled.first()) is not None and place[3].run_at <= now:
            self._scheduled.leave_first()
            due.append(place[3])
        return due

    def next_due(self) -> datetime | None:
        """Return when the first scheduled job is due, or None where none is scheduled."""
        place = self._scheduled.first()
        return None if place is None else place[3].run_at
