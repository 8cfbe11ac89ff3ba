"""How jobs get into a store."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from domain.jobs import JobId

NewJob: TypeAlias = tuple[str, str]
"""A job as it is written: the name of its type, and its fields as a JSON object. Plain, because lists are long."""


@dataclass(frozen=True, slots=True)
class Enqueueing:
    """Jobs that are enqueued together, all or none."""

    jobs: Sequence[NewJob]
    run_at: datetime | None
    """None is now, by the clock of the store."""
    priority: int
    carrier: str | None
    """The caller's trace context and baggage."""


class JobIntake(Protocol):
    """Where jobs go in."""

    @abstractmethod
    async def enqueue(self, enqueueing: Enqueueing) -> list[JobId]:
        """Write the jobs, in the current unit of work where there is one. Ids in the given order."""
