"""Lists of jobs."""

from collections.abc import Callable
from datetime import datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.matching import matching
from adapters.memory.stored import StoredJob
from application.jobs.looking import AttemptOutcome, Count, JobFilter, JobListing, JobSummary, Position, Stretch
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import JobState

_EXCERPT = 500


class InMemoryJobListing(JobListing):
    """Looks at every job each time."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Look at all queues of `database`."""
        self._database = database

    async def stretch(
        self,
        wanted: JobFilter,
        *,
        after: Position | None,
        limit: int,
        newest_first: bool,
    ) -> Stretch:
        place = _by_end if wanted.state in FINISHED else _by_enqueue
        jobs = sorted(matching(self._database, wanted), key=_key(place), reverse=newest_first)
        if after is not None:
            jobs = [job for job in jobs if _follows(place(job), after, newest_first=newest_first)]
        found = jobs[:limit]
        return Stretch([_summary(job) for job in found], place(found[-1]) if len(jobs) > limit else None)

    async def count(self, wanted: JobFilter) -> Count:
        return Count(sum(1 for _ in matching(self._database, wanted)))


def _by_enqueue(job: StoredJob) -> Position:
    return Position(None, job.id)


def _by_end(job: StoredJob) -> Position:
    return Position(job.finished_at, job.id)


def _key(place: Callable[[StoredJob], Position]) -> Callable[[StoredJob], tuple[float, int]]:
    return lambda job: _number(place(job))


def _number(position: Position) -> tuple[float, int]:
    return (0.0 if position.at is None else position.at.timestamp(), position.id)


def _follows(position: Position, after: Position, *, newest_first: bool) -> bool:
    here, there = _number(position), _number(after)
    return here < there if newest_first else here > there


def _summary(job: StoredJob) -> JobSummary:
    failed = job.state in (JobState.DEAD, JobState.SCHEDULED, JobState.READY) and job.attempt and job.history
    return JobSummary(
        id=job.id,
        queue=job.queue,
        type=job.type,
        state=job.state,
        priority=job.priority,
        attempt=job.attempt,
        payload=job.payload[:_EXCERPT],
        run_at=job.run_at,
        enqueued_at=job.enqueued_at,
        started_at=_started_at(job),
        finished_at=job.finished_at,
        error=job.history[-1].error if failed else None,
    )


def _started_at(job: StoredJob) -> datetime | None:
    if job.state in (JobState.RUNNING, JobState.COMPLETED):
        return job.started_at or job.claimed_at
    last = job.history[-1] if job.history and job.state in FINISHED else None
    ended_with_it = last is not None and (job.state is JobState.DEAD or last.outcome is AttemptOutcome.CANCELLED)
    return last.started_at if last is not None and ended_with_it else None
