"""What a queue promises, as plain data: no storage, no concurrency, no SQL."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.jobs.job_store import ClaimedJob

MAX_ATTEMPTS = 3
LEASE = timedelta(minutes=1)
KEPT = timedelta(hours=24)


@dataclass
class ModelJob:
    """A job as it should stand."""

    id: int
    priority: int
    run_at: datetime
    state: str
    attempt: int = 0
    fences: list[int] = field(default_factory=list)
    """One of each claim."""
    rescues: int = 0
    started: bool = False
    owner: int | None = None
    history: list[tuple[int, str]] = field(default_factory=list)
    finished_at: datetime | None = None
    called_off: bool = False
    """Whether somebody called it off while it ran."""

    @property
    def place(self) -> tuple[int, datetime, int]:
        """Where it stands in the line."""
        return self.priority, self.run_at, self.id


@dataclass
class ModelWorker:
    """A worker as others see it."""

    last_seen: datetime
    alive: bool = True
    frozen: bool = False
    """Whether it says nothing until somebody takes it for dead. Then it wakes up."""


class Model:
    """All jobs and workers."""

    def __init__(self, now: datetime, seen: Counter[str]) -> None:
        """Stand at `now`. What happens to jobs is counted in `seen`."""
        self.now = now
        self.seen = seen
        self.jobs: dict[int, ModelJob] = {}
        self.workers: dict[int, ModelWorker] = {}
        self.effects: list[str] = []
        self.paused = False

    def register(self, worker: int) -> None:
        """Add a worker."""
        self.workers[worker] = ModelWorker(self.now)

    def enqueue(self, job_id: int, priority: int, run_at: datetime) -> None:
        """Add a job."""
        state = "scheduled" if run_at > self.now else "ready"
        self.jobs[job_id] = ModelJob(job_id, priority, run_at, state)
        self.seen["enqueued"] += 1

    def promote(self) -> timedelta | None:
        """Make ready what is due; return how long the next one has to wait."""
        for job in self.jobs.values():
            if job.state == "scheduled" and job.run_at <= self.now:
                job.state = "ready"
                self.seen["promoted"] += 1
        waiting = [job.run_at - self.now for job in self.jobs.values() if job.state == "scheduled"]
        return min(waiting, default=None)

    def claim(self, worker: int, limit: int) -> list[ModelJob]:
        """Let a worker take the first ones."""
        if self.paused or not self.workers[worker].alive:
            return []
        ready = sorted((job for job in self.jobs.values() if job.state == "ready"), key=lambda job: job.place)
        for job in ready[:limit]:
            job.state, job.owner, job.started = "running", worker, False
            job.attempt += 1
            self.seen["claimed"] += 1
        return ready[:limit]

    def owned(self, claimed: ClaimedJob) -> ModelJob | None:
        """Return the job if this very attempt still owns it."""
        if not self.owns(claimed):
            self.seen["stale"] += 1
            return None
        return self.jobs[claimed.id]

    def owns(self, claimed: ClaimedJob) -> bool:
        """Tell whether this very attempt still owns its job."""
        job = self.jobs.get(claimed.id)
        return job is not None and job.state == "running" and job.fences[-1] == claimed.fence

    def was_completed_by(self, claimed: ClaimedJob) -> bool:
        """Tell whether this very attempt has completed it."""
        job = self.jobs.get(claimed.id)
        return job is not None and job.state == "completed" and job.fences[-1] == claimed.fence

    def end(self, job: ModelJob, state: str) -> None:
        """Finish a job."""
        job.state, job.finished_at, job.called_off = state, self.now, False
        self.seen[state] += 1

    def fail(self, job: ModelJob, delay: timedelta) -> None:
        """Let it wait for its next attempt."""
        job.history.append((job.attempt, "failed"))
        self._put_off(job, delay)
        self.seen["failed"] += 1

    def snooze(self, job: ModelJob, delay: timedelta) -> None:
        """Let it wait, and not count the attempt."""
        job.attempt -= 1
        self._put_off(job, delay)
        self.seen["snoozed"] += 1

    def _put_off(self, job: ModelJob, delay: timedelta) -> None:
        job.run_at = self.now + delay
        job.state = "scheduled" if delay > timedelta(0) else "ready"

    def release(self, job: ModelJob) -> None:
        """Let it wait as if it had never been claimed."""
        job.attempt -= 1
        job.state = "ready"
        self.seen["released"] += 1

    def freeze(self, worker: int) -> None:
        """Let a worker be silent for longer than its lease."""
        self.workers[worker].last_seen, self.workers[worker].frozen = self.now - 2 * LEASE, True
        self.seen["frozen"] += 1

    def leave(self, worker: int) -> None:
        """Let a worker go in order."""
        self.workers[worker].alive = False
        for job in self.running(worker):
            self.release(job)

    def maintain(self) -> None:
        """Rescue and prune."""
        for number, worker in self.workers.items():
            if worker.alive and worker.last_seen + LEASE < self.now:
                worker.alive = worker.frozen = False
                for job in self.running(number):
                    self._rescue(job)
        for job in list(self.jobs.values()):
            if job.called_off and job.state in ("scheduled", "ready"):
                self.end(job, "cancelled")
            ended = job.finished_at if job.state in ("completed", "cancelled") else None
            if ended is not None and ended < self.now - KEPT:
                del self.jobs[job.id]
                self.seen["pruned"] += 1

    def revive(self, job: ModelJob) -> bool:
        """Retry by hand. False: not in this state."""
        if job.state in ("dead", "cancelled"):
            job.attempt = job.rescues = 0
            job.finished_at = None
        elif job.state != "scheduled":
            return False
        self.seen["retried"] += 1
        job.state, job.run_at = "ready", self.now
        return True

    def cancel(self, job: ModelJob) -> bool:
        """Call off by hand. False: not in this state."""
        if job.state == "running":
            job.called_off = True
            self.seen["called off"] += 1
            return True
        if job.state not in ("scheduled", "ready"):
            return False
        self.end(job, "cancelled")
        return True

    def delete(self, job: ModelJob) -> bool:
        """Remove by hand. False: not in this state."""
        if job.state == "running":
            return False
        del self.jobs[job.id]
        self.seen["deleted"] += 1
        return True

    def change(self, job: ModelJob, priority: int | None, run_at: datetime | None) -> bool:
        """Move by hand, where something is given. False: not in this state."""
        if job.state not in ("scheduled", "ready"):
            return False
        self.seen["changed"] += 1
        if priority is not None:
            job.priority = priority
        if run_at is not None:
            job.run_at = run_at
            job.state = "scheduled" if run_at > self.now else "ready"
        return True

    def owners(self) -> list[int]:
        """Return the workers that live and have jobs, as others see them."""
        return [number for number in self.awake() if self.workers[number].alive and self.running(number)]

    def awake(self) -> list[int]:
        """Return the workers that say something, also such as are taken for dead."""
        return [number for number, worker in self.workers.items() if not worker.frozen]

    def running(self, worker: int) -> list[ModelJob]:
        """Return what a worker owns."""
        return [job for job in self.jobs.values() if job.state == "running" and job.owner == worker]

    def _rescue(self, job: ModelJob) -> None:
        refunded = not job.started and (job.rescues > 0 or MAX_ATTEMPTS == 1)
        job.rescues += 1
        if refunded:
            job.attempt -= 1
            self.seen["rescued, refunded"] += 1
        else:
            job.history.append((job.attempt, "died"))
            self.seen["rescued, charged"] += 1
        if job.called_off:
            self.end(job, "cancelled")
            self.seen["rescued, cancelled"] += 1
        elif refunded or job.attempt < MAX_ATTEMPTS:
            job.state = "ready"
        else:
            self.end(job, "dead")
            self.seen["rescued, buried"] += 1
