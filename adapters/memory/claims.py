"""How jobs get out."""

from collections.abc import Sequence

from adapters.memory.store_part import StorePart
from application.jobs.instants import instant_of
from application.jobs.job_store import ClaimedJob, JobClaims, Promotion, WorkerId


class InMemoryClaims(StorePart, JobClaims):
    """Takes jobs of one queue, and gives them back."""

    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        """Claim as `JobClaims.claim` promises."""
        owner = self._database.workers.alive(worker)
        if owner is None or self._queue in self._database.paused:
            return []
        jobs = self._database.jobs.claim(self._queue, owner, types, limit, self._database.now())
        return [
            ClaimedJob(
                job.priority,
                instant_of(job.run_at),
                job.id,
                job.type,
                job.payload,
                job.attempt,
                job.fence,
                job.rescues,
                instant_of(job.enqueued_at),
                job.carrier,
            )
            for job in jobs
        ]

    async def promote(self) -> Promotion:
        """Promote as `JobClaims.promote` promises."""
        now = self._database.now()
        promoted, next_due = self._database.jobs.promote(self._queue, now)
        return Promotion(promoted, None if next_due is None else next_due - now)

    async def mark_started(self, job: ClaimedJob) -> bool:
        """Mark as `JobClaims.mark_started` promises."""
        owned = self._database.jobs.owned(job)
        if owned is None:
            return False
        owned.started_at = self._database.now()
        return True

    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        """Release as `JobClaims.release` promises."""
        for claimed in jobs:
            job = self._database.jobs.owned(claimed)
            if job is not None:
                job.attempt -= 1
                self._database.jobs.make_ready(job, job.run_at)
