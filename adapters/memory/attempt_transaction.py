"""The transaction of one attempt: fenced when it begins and when it commits, together with its jobs."""

from collections.abc import Sequence

from adapters.memory.job_table import JobTable
from adapters.memory.stored import StoredJob
from adapters.memory.unit import InMemoryUnit, units
from application.jobs.job_store import AttemptTransaction, ClaimedJob, EndedAttempt
from domain.jobs import AttemptLost


class InMemoryAttemptTransaction(InMemoryUnit, AttemptTransaction):
    """Ends with its attempt. Tasks the job func left behind are refused, not given another unit."""

    def __init__(self, table: JobTable, jobs: Sequence[ClaimedJob]) -> None:
        super().__init__()
        self._table = table
        self._claimed = jobs
        self._begun = False
        self._closed = False

    def enter(self) -> None:
        """Make it the unit of work of the calling context."""
        units.begin_attempt(self)

    def is_open(self) -> bool:
        """Tell that it can be joined. Raises `AttemptLost` once the attempt has ended."""
        if self._closed:
            first = self._claimed[0]
            raise AttemptLost(first.id, first.attempt)
        return True

    def begin(self) -> None:
        """Check the fence the first time. Raises `AttemptLost`."""
        if not self._begun:
            self._owned_jobs()
            self._begun = True

    def close(self) -> bool:
        """Close as `AttemptTransaction.close` promises."""
        self._closed = True
        return self._begun

    async def commit(self, *ended: EndedAttempt, heir: AttemptTransaction | None = None) -> None:  # noqa: ARG002  # nothing is saved here
        """Commit as `AttemptTransaction.commit` promises."""
        self.check_commit()
        jobs = self._owned_jobs()
        for job, attempt in zip(jobs, ended, strict=True):
            self._table.complete(job, attempt)
        self.apply()
        self.drop()

    async def rollback(self) -> None:
        """Undo everything: nothing of it was seen by others."""
        self.drop()

    def _owned_jobs(self) -> list[StoredJob]:
        jobs: list[StoredJob] = []
        for claimed in self._claimed:
            job = self._table.owned(claimed)
            if job is None:
                raise AttemptLost(claimed.id, claimed.attempt)
            jobs.append(job)
        return jobs
