"""The port for enqueueing to any queue."""

from abc import abstractmethod
from typing import Protocol

from application.jobs.job_store import Enqueueing
from domain.jobs import JobId


class HandIntake(Protocol):
    """Takes jobs for a queue by its name."""

    @abstractmethod
    async def enqueue(self, queue: str, enqueueing: Enqueueing) -> list[JobId]:
        """Write the jobs and wake the workers. Ids in the given order. Raises `EnqueueFailed`."""
