"""One worker pool."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from application.jobs.job_store import WorkerId


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """A pool that is alive, as it announced itself. Times are timezone-aware UTC."""

    id: WorkerId
    pool_name: str
    queue: str
    size: int
    """Job funcs it runs at the same time."""
    owned: int
    """Jobs it has claimed: those that run, and a few that it holds to run next."""
    types: tuple[str, ...]
    version: str
    host: str
    pid: int
    started_at: datetime
    last_seen: datetime
    lease: timedelta
    """Not heard of for this long it is taken for dead."""

    @property
    def busy(self) -> int:
        """How many of its places are taken."""
        return min(self.owned, self.size)
