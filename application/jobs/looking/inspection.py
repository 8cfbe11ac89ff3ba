"""The port for a look at one job, at the numbers, and at the workers."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from application.jobs.looking.count import Count
from application.jobs.looking.job_record import JobRecord
from application.jobs.looking.worker_record import WorkerRecord
from domain.jobs import JobId, JobState


class JobInspection(Protocol):
    """Looks, and changes nothing."""

    @abstractmethod
    async def now(self) -> datetime:
        """Return the instant by the clock of the store, timezone-aware UTC."""

    @abstractmethod
    async def job(self, job_id: JobId) -> JobRecord:
        """Return one job, all of it from the same instant. Raises `JobNotFound`."""

    @abstractmethod
    async def counts(self, queue: str | None = None) -> Mapping[JobState, Count]:
        """Return how many jobs are in each state, zeros included, estimates of very many; None is all queues."""

    @abstractmethod
    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        """Return the pools that are alive, by queue and name."""
