"""All jobs of a database, and every way their state can change."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adapters.memory.signals import Signals
from adapters.memory.stored import StoredJob, Worker
from adapters.memory.waiting_jobs import WaitingJobs
from application.jobs.job_store import ClaimedJob, EndedAttempt
from domain.jobs import JobId, JobState

_READY = JobState.READY
_SCHEDULED = JobState.SCHEDULED
_RUNNING = JobState.RUNNING
_COMPLETED = JobState.COMPLETED
_DEAD = JobState.DEAD


class JobTable:
    """Keeps the jobs, the lines they wait in and what each worker owns in step."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._jobs: dict[JobId, StoredJob] = {}
        self._waiting: defaultdict[str, WaitingJobs] = defaultdict(WaitingJobs)
        self._forgettable: deque[tuple[datetime, StoredJob]] = deque()
        self._last_id = 0
        self._called_off: dict[JobId, StoredJob] = {}

    def __iter__(self) -> Iterator[StoredJob]:
        return iter(self._jobs.values())

    def next_id(self) -> JobId:
        """Return an id that was never given before, also where its job is rolled back."""
        self._last_id += 1
        return JobId(self._last_id)

    def get(self, job_id: JobId) -> StoredJob | None:
        """Return a job by its id."""
        return self._jobs.get(job_id)

    def waiting(self, queue: str) -> WaitingJobs:
        """Return the jobs of a queue that are ready or scheduled."""
        return self._waiting[queue]

    def owned(self, claimed: ClaimedJob) -> StoredJob | None:
        """Return the job if this attempt still owns it. This is the fence."""
        job = self._jobs.get(claimed.id)
        return job if job is not None and job.fence == claimed.fence and job.state is _RUNNING else None

    def add(self, jobs: Sequence[StoredJob]) -> None:
        """Store new jobs that were enqueued together."""
        first = jobs[0]
        waiting = self._waiting[first.queue]
        for job in jobs:
            self._jobs[job.id] = job
            waiting.add(job)
        self._signal(first)

    def claim(self, queue: str, worker: Worker, types: Sequence[str], limit: int, now: datetime) -> list[StoredJob]:
        """Make the first ready jobs of these types running, owned by `worker`."""
        jobs = self._waiting[queue].take(types, limit)
        for job in jobs:
            job.state = _RUNNING
            job.attempt += 1
            job.fence += 1
            job.claimed_at = now
            job.started_at = None
            job.worker = worker
            worker.jobs[job.id] = job
        return jobs

    def promote(self, queue: str, now: datetime) -> tuple[int, datetime | None]:
        """Make scheduled jobs ready whose time has come. Returns how many, and when the next one is due."""
        waiting = self._waiting[queue]
        due = waiting.take_due(now)
        for job in due:
            job.state = _READY
            waiting.add(job)
        if due:
            self._signals.ready(queue)
        return len(due), waiting.next_due()

    def make_ready(self, job: StoredJob, run_at: datetime) -> None:
        """Let a job in any state wait for a worker."""
        self._take_out(job)
        job.state, job.run_at, job.finished_at = _READY, run_at, None
        self._wait(job)

    def put_off(self, job: StoredJob, delay: timedelta, now: datetime) -> None:
        """Let a running job wait for a later time, or for a worker where there is no delay."""
        self._take_out(job)
        job.state = _SCHEDULED if delay > timedelta(0) else _READY
        job.run_at = now + delay
        self._wait(job)

    def end(self, job: StoredJob, state: JobState, finished_at: datetime) -> None:
        """Finish a job. The dead are kept for ever, the others for the history."""
        self._take_out(job)
        job.state, job.finished_at = state, finished_at
        if job.cancel_requested_at is not None:
            job.cancel_requested_at = None
            self._called_off.pop(job.id, None)
        if state is not _DEAD:
            self._forgettable.append((finished_at, job))

    def call_off(self, job: StoredJob, now: datetime) -> None:
        """Ask the worker of a running job to call it off; whatever ends the attempt, it does not run again."""
        job.cancel_requested_at = job.cancel_requested_at or now
        self._called_off[job.id] = job
        self._signals.called_off(job.queue)

    def end_called_off(self, now: datetime) -> None:
        """Cancel those whose attempt ended otherwise, and forget those that are done."""
        for job in list(self._called_off.values()):
            if job.state in (_READY, _SCHEDULED):
                self.end(job, JobState.CANCELLED, now)
            elif job.state is not _RUNNING:
                self._called_off.pop(job.id)

    def complete(self, job: StoredJob, ended: EndedAttempt) -> None:
        """Finish a running job well."""
        started_at, finished_at = ended.times
        self.end(job, _COMPLETED, finished_at)
        job.started_at = started_at

    def prune(self, before: datetime) -> int:
        """Remove completed and cancelled jobs that ended before this instant. Returns how many."""
        pruned = 0
        while self._forgettable and self._forgettable[0][0] < before:
            finished_at, job = self._forgettable.popleft()
            if job.finished_at is finished_at and job.state is not _DEAD:  # not retried since, also at the same instant
                pruned += self._jobs.pop(job.id, None) is not None
        return pruned

    def revive(self, job: StoredJob, now: datetime) -> None:
        """Let a job run now that was to run later; one that had finished gets all its attempts anew."""
        if job.finished_at is not None:
            job.attempt = job.rescues = 0
        self.make_ready(job, now)

    def move(self, job: StoredJob, priority: int | None, run_at: datetime | None, now: datetime) -> None:
        """Give a waiting job another place in its line."""
        self._take_out(job)
        if priority is not None:
            job.priority = priority
        if run_at is not None:
            job.run_at = run_at
            job.state = _SCHEDULED if run_at > now else _READY
        self._wait(job)

    def delete(self, job: StoredJob) -> None:
        """Remove a job."""
        self._take_out(job)
        del self._jobs[job.id]

    def forget(self, queue: str) -> None:
        """Remove every job of a queue. Attempts at them that still run have lost their job."""
        for job in [job for job in self._jobs.values() if job.queue == queue]:
            self.delete(job)
        self._forgettable = deque(ended for ended in self._forgettable if ended[1].queue != queue)

    def _wait(self, job: StoredJob) -> None:
        self._waiting[job.queue].add(job)
        self._signal(job)

    def _take_out(self, job: StoredJob) -> None:
        if job.state is _RUNNING:
            if job.worker is not None:
                job.worker.jobs.pop(job.id, None)
        elif job.place is not None:
            self._waiting[job.queue].remove(job)

    def _signal(self, job: StoredJob) -> None:
        if job.state is _READY:
            self._signals.ready(job.queue)
        else:
            self._signals.scheduled(job.queue)
