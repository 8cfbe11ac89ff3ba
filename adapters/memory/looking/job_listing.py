"""Lists of jobs."""

from collections.abc import Callable
from datetime import UTC, datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.matching import matches, matching
from adapters.memory.stored import StoredJob
from application.jobs.looking import AttemptOutcome, Count, JobFilter, JobListing, JobSummary, Picked, Position, Stretch
from application.jobs.looking.job_filter import FINISHED
from domain.jobs import JobState

_EXCERPT = 500
MOST_READ = 50_000
_BY_QUEUE = (JobState.SCHEDULED, JobState.READY, JobState.RUNNING, JobState.DEAD)


class InMemoryJobListing(JobListing):
    """Looks at the jobs of a state each time, of those of one queue where it has them apart, as an index would."""

    def __init__(self, database: InMemoryDatabase, *, most_read: int = MOST_READ) -> None:
        """Look at all queues of `database`. A stretch looks for those that match among `most_read` jobs."""
        self._database = database
        self._most_read = most_read

    async def stretch(
        self,
        wanted: JobFilter,
        *,
        after: Position | None,
        limit: int,
        newest_first: bool,
    ) -> Stretch:
        found, following = self._found(wanted, after, limit, newest_first=newest_first)
        return Stretch([_summary(job) for job in found], following)

    async def pick(self, wanted: JobFilter, *, after: Position | None, limit: int) -> Picked:
        found, following = self._found(wanted, after, limit, newest_first=False)
        return Picked([job.id for job in found], following)

    def _found(
        self, wanted: JobFilter, after: Position | None, limit: int, *, newest_first: bool
    ) -> tuple[list[StoredJob], Position | None]:
        place = _place_in(wanted.state)
        searched = JobFilter(queue=wanted.queue if wanted.state in _BY_QUEUE else None, state=wanted.state)
        jobs = sorted(matching(self._database, searched), key=_key(place), reverse=newest_first)
        if after is not None:
            jobs = [job for job in jobs if _follows(place(job), after, newest_first=newest_first)]
        read = jobs[: self._most_read]
        found = [job for job in read if matches(job, wanted)]
        if len(found) > limit:
            return found[:limit], place(found[limit - 1])
        return found, place(read[-1]) if len(jobs) > len(read) else None

    async def count(self, wanted: JobFilter) -> Count:
        return Count(sum(1 for _ in matching(self._database, wanted)))


def _place_in(state: JobState | None) -> Callable[[StoredJob], Position]:
    if state is JobState.READY:
        return lambda job: Position(job.run_at, job.id, job.priority)
    if state is JobState.SCHEDULED:
        return lambda job: Position(job.run_at, job.id)
    if state in FINISHED:
        return lambda job: Position(job.finished_at, job.id)
    return lambda job: Position(None, job.id)


def _key(place: Callable[[StoredJob], Position]) -> Callable[[StoredJob], tuple[int, datetime, int]]:
    return lambda job: _order(place(job))


def _order(position: Position) -> tuple[int, datetime, int]:
    return (position.priority or 0, position.at or datetime.min.replace(tzinfo=UTC), position.id)


def _follows(position: Position, after: Position, *, newest_first: bool) -> bool:
    here, there = _order(position), _order(after)
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
