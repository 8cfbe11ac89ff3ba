"""The numbers of queues."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from adapters.memory.database import InMemoryDatabase
from adapters.memory.stored import StoredJob, Worker
from application.jobs.looking import AttemptOutcome, Bucket, Count, Durations, QueueFigures, QueueRecord
from domain.jobs import JobState

_FAILED = (AttemptOutcome.FAILED, AttemptOutcome.DIED)
_KEPT = timedelta(days=2)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_End = tuple[int, str]
"""The number of a bucket, and what happened in it."""


class InMemoryQueueFigures(QueueFigures):
    """Looks at every job each time."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Look at all queues of `database`."""
        self._database = database

    async def queues(self, window: timedelta) -> list[QueueRecord]:
        jobs: defaultdict[str, list[StoredJob]] = defaultdict(list)
        for job in self._database.jobs:
            jobs[job.queue].append(job)
        workers: defaultdict[str, list[Worker]] = defaultdict(list)
        for worker in self._database.workers:
            workers[worker.queue].append(worker)
        names = sorted(jobs.keys() | workers.keys() | self._database.paused.keys())
        return [self._record(name, jobs[name], workers[name], window) for name in names]

    async def throughput(self, since: datetime, *, step: timedelta, queue: str | None = None) -> list[Bucket]:
        start = self._start(since, step)
        ends = sum(self._ends_by_queue(start, step, queue).values(), Counter[_End]())
        return self._buckets(ends, start, step)

    async def throughput_by_queue(self, since: datetime, *, step: timedelta) -> Mapping[str, list[Bucket]]:
        start = self._start(since, step)
        return {name: self._buckets(ends, start, step) for name, ends in self._ends_by_queue(start, step, None).items()}

    def _start(self, since: datetime, step: timedelta) -> datetime:
        return _EPOCH + (max(since, self._database.now() - _KEPT) - _EPOCH) // step * step

    def _ends_by_queue(self, start: datetime, step: timedelta, queue: str | None) -> Mapping[str, Counter[_End]]:
        found: defaultdict[str, Counter[_End]] = defaultdict(Counter)
        for job in self._database.jobs:
            if queue in (None, job.queue):
                for instant, what in _ends(job):
                    if instant >= start:
                        found[job.queue][(instant - start) // step, what] += 1
        return found

    def _buckets(self, ends: Counter[_End], start: datetime, step: timedelta) -> list[Bucket]:
        return [
            Bucket(
                start=start + number * step,
                completed=ends[number, "completed"],
                failed=ends[number, "failed"],
                dead=ends[number, "dead"],
                cancelled=ends[number, "cancelled"],
            )
            for number in range((self._database.now() - start) // step + 1)
        ]

    def _record(
        self,
        name: str,
        jobs: Sequence[StoredJob],
        workers: Sequence[Worker],
        window: timedelta,
    ) -> QueueRecord:
        now = self._database.now()
        counts = Counter(job.state for job in jobs)
        ready = [job.run_at for job in jobs if job.state is JobState.READY]
        ends = Counter(what for job in jobs for instant, what in _ends(job) if instant > now - window)
        done = [job for job in jobs if job.state is JobState.COMPLETED and _ended_at(job) > now - window]
        return QueueRecord(
            name=name,
            counts={state: Count(counts[state]) for state in JobState},
            paused_at=self._database.paused.get(name),
            oldest_ready=now - min(ready) if ready else None,
            workers=len(workers),
            places=sum(worker.registration.size for worker in workers),
            busy=sum(min(len(worker.jobs), worker.registration.size) for worker in workers),
            window=window,
            completed=ends["completed"],
            failed=ends["failed"],
            run=_durations([_ended_at(job) - _began_at(job) for job in done]),
            wait=_durations([max(_began_at(job) - max(job.run_at, job.enqueued_at), timedelta(0)) for job in done]),
        )


def _ends(job: StoredJob) -> Iterator[tuple[datetime, str]]:
    failures = ((a.finished_at, "failed") for a in job.history if a.outcome in _FAILED and a.finished_at is not None)
    finished = [] if job.finished_at is None else [(job.finished_at, job.state.value)]
    return chain(failures, finished)


def _began_at(job: StoredJob) -> datetime:
    return job.started_at or job.claimed_at or job.enqueued_at


def _ended_at(job: StoredJob) -> datetime:
    return job.finished_at or _EPOCH


def _durations(durations: list[timedelta]) -> Durations | None:
    if not durations:
        return None
    durations.sort()
    return Durations(
        mean=sum(durations, timedelta(0)) / len(durations),
        p95=durations[(len(durations) * 95 + 99) // 100 - 1],
    )
