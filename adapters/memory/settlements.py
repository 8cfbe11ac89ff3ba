"""How attempts end. Each way is fenced."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.memory.attempt_transaction import InMemoryAttemptTransaction
from adapters.memory.store_part import StorePart
from adapters.memory.stored import StoredJob
from application.jobs.job_store import (
    CALLED_OFF,
    AttemptTransaction,
    ClaimedJob,
    EndedAttempt,
    ErrorReport,
    Settlements,
)
from application.jobs.looking import AttemptOutcome
from domain.jobs import JobState

_COMPLETED = JobState.COMPLETED


class InMemorySettlements(StorePart, Settlements):
    """Writes the ends of attempts."""

    def worth_another_try(self, error: Exception) -> bool:  # noqa: ARG002  # nothing here passes by itself
        """Tell as `Settlements.worth_another_try` promises."""
        return False

    def transaction(self, *jobs: ClaimedJob) -> AttemptTransaction:
        """Return the transaction of this attempt, not begun."""
        return InMemoryAttemptTransaction(self._database.jobs, jobs)

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Complete as `Settlements.complete` promises; what the same attempt completed before is not lost."""
        return [attempt.job for attempt in ended if not self._complete(attempt)]

    async def retry(self, ended: EndedAttempt, error: ErrorReport, delay: timedelta) -> bool:
        """Record and schedule as `Settlements.retry` promises."""
        job = self._record(ended, error)
        if job is not None:
            self._database.jobs.put_off(job, delay, self._database.now())
        return job is not None

    async def bury(self, ended: EndedAttempt, error: ErrorReport) -> bool:
        """Record and end as `Settlements.bury` promises."""
        job = self._record(ended, error)
        if job is not None:
            self._database.jobs.end(job, JobState.DEAD, ended.times[1])
        return job is not None

    async def cancel(self, ended: EndedAttempt) -> bool:
        """Record and end as `Settlements.cancel` promises."""
        job = self._database.jobs.owned(ended.job)
        if job is not None:
            attempt = job.ended_attempt(AttemptOutcome.CANCELLED, *ended.times, CALLED_OFF)
            job.history += (attempt,)
            self._database.jobs.end(job, JobState.CANCELLED, ended.times[1])
        return job is not None

    async def snooze(self, job: ClaimedJob, delay: timedelta) -> bool:
        """Schedule as `Settlements.snooze` promises."""
        owned = self._database.jobs.owned(job)
        if owned is not None:
            owned.attempt -= 1
            self._database.jobs.put_off(owned, delay, self._database.now())
        return owned is not None

    def _complete(self, ended: EndedAttempt) -> bool:
        jobs = self._database.jobs
        job = jobs.owned(ended.job)
        if job is None:
            known = jobs.get(ended.job.id)
            return known is not None and known.state is _COMPLETED and known.fence == ended.job.fence
        jobs.complete(job, ended)
        return True

    def _record(self, ended: EndedAttempt, error: ErrorReport) -> StoredJob | None:
        job = self._database.jobs.owned(ended.job)
        if job is not None:
            failure = job.ended_attempt(AttemptOutcome.FAILED, *ended.times, error)
            job.history += (failure,)
        return job
