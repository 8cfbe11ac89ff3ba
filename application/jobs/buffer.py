"""Claimed jobs that wait for a place in the pool."""

from bisect import insort
from collections import deque

from application.jobs.attempt import Attempt
from application.jobs.job_funcs import JobFuncs
from application.jobs.job_store import ClaimedJob

_RESCUES_OF_A_SUSPECT = 2


class JobBuffer:
    """Keeps them in the order of claims, and says what is called next."""

    def __init__(self, funcs: JobFuncs, queue: str) -> None:
        self._funcs = funcs
        self._queue = queue
        self._jobs: deque[ClaimedJob] = deque()

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, claimed: list[ClaimedJob]) -> None:
        """Take in the jobs of a claim, which may be more urgent than some that wait."""
        claimed.sort()
        if self._jobs and claimed and claimed[0] < self._jobs[-1]:
            for job in claimed:
                insort(self._jobs, job)
        else:
            self._jobs.extend(claimed)

    def take(self, *, beside_a_suspect: bool) -> Attempt | None:
        """Return the next call of a job func, for one job or a batch; None where none may start now."""
        if not self._jobs:
            return None
        first = self._first_innocent() if beside_a_suspect else self._jobs.popleft()
        if first is None:
            return None
        func = self._funcs[first.type]
        jobs = [first]
        if func.batch_size is not None and _may_be_batched(first):
            self._fill(jobs, func.batch_size)
        return Attempt(func, jobs, self._queue)

    def take_after(self, attempt: Attempt) -> Attempt | None:
        """Return the next call where it is for another job like this one, nothing special about either."""
        following = self._jobs[0] if self._jobs else None
        if following is None or following.type != attempt.jobs[0].type or following.rescues:
            return None
        return Attempt(attempt.func, [self._jobs.popleft()], self._queue)

    def waiting(self) -> list[ClaimedJob]:
        """Return all of them."""
        return list(self._jobs)

    def holds(self, job: ClaimedJob) -> bool:
        """Tell whether it still waits here."""
        return job in self._jobs

    def remove(self, job: ClaimedJob) -> None:
        """Let one of them go."""
        self._jobs.remove(job)

    def empty(self) -> list[ClaimedJob]:
        """Return all of them, and keep none."""
        jobs = self.waiting()
        self._jobs.clear()
        return jobs

    def _first_innocent(self) -> ClaimedJob | None:
        for position, job in enumerate(self._jobs):
            if not is_suspect(job):
                del self._jobs[position]
                return job
        return None

    def _fill(self, batch: list[ClaimedJob], size: int) -> None:
        others: list[ClaimedJob] = []
        while self._jobs and len(batch) < size:
            job = self._jobs.popleft()
            (batch if job.type == batch[0].type and _may_be_batched(job) else others).append(job)
        self._jobs.extendleft(reversed(others))


def is_suspect(job: ClaimedJob) -> bool:
    """Tell whether the job may be what kills workers.

    A pool runs one suspect at a time: when the worker dies again, the others have not begun, and their
    attempts do not count. Otherwise a job that kills its worker every time would take them along.
    """
    return job.rescues >= _RESCUES_OF_A_SUSPECT


def _may_be_batched(job: ClaimedJob) -> bool:
    # One that failed or was rescued before is tried alone, so that it does not take others along.
    return job.attempt == 1 and not job.rescues
