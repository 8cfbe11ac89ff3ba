"""The port for dead jobs, grouped by what they died of."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.jobs.looking.count import Count
from domain.jobs import JobId

MOST_GROUPS = 500
"""How many kinds are told apart."""


@dataclass(frozen=True, slots=True)
class DeadGroup:
    """Dead jobs of one type with errors that differ in details only. Times are timezone-aware UTC."""

    type: str
    error: str
    """What the errors have in common: the first line, with numbers and the like as `…`."""
    count: Count
    first_seen: datetime
    """When the first of them died."""
    last_seen: datetime
    example: JobId
    """The one that died last."""


class DeadJobs(Protocol):
    """Looks at what needs somebody's decision."""

    @abstractmethod
    async def groups(self, queue: str | None = None) -> list[DeadGroup]:
        """Return the groups, the one that grew last first; None is all queues. Not more than `MOST_GROUPS`."""
