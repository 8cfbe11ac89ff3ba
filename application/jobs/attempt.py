"""Claimed jobs on their way through the pool."""

import asyncio
from collections.abc import Sequence
from enum import Enum, auto

from application.jobs.job_store import ClaimedJob


class Revoked(Enum):
    """Why the pool cancelled an attempt."""

    LOST = auto()
    SHUTDOWN = auto()


class Attempt:
    """One call of a job func: for one job, or for the jobs of a batch."""

    __slots__ = ("jobs", "revoked", "task", "told")

    def __init__(self, jobs: Sequence[ClaimedJob]) -> None:
        self.jobs = jobs
        self.revoked: Revoked | None = None
        self.task: asyncio.Task[None] | None = None
        self.told: BaseException | None = None
        """The error whose traceback was logged."""

    def revoke(self, why: Revoked) -> None:
        """Cancel the job func; what it wrote is rolled back."""
        self.revoked = why
        if self.task is not None:
            self.task.cancel()
