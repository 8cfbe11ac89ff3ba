"""Dead jobs, grouped by what they died of."""

from collections import defaultdict
from datetime import UTC, datetime

from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.matching import error_kind_of, matching
from adapters.memory.stored import StoredJob
from application.jobs.looking import MOST_GROUPS, Count, DeadGroup, DeadJobs, JobFilter
from domain.jobs import JobState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class InMemoryDeadJobs(DeadJobs):
    """Looks at every job each time."""

    def __init__(self, database: InMemoryDatabase) -> None:
        """Look at all queues of `database`."""
        self._database = database

    async def groups(self, queue: str | None = None) -> list[DeadGroup]:
        found: defaultdict[tuple[str, str], list[StoredJob]] = defaultdict(list)
        for job in matching(self._database, JobFilter(queue=queue, state=JobState.DEAD)):
            found[job.type, error_kind_of(job)].append(job)
        groups = [_group(job_type, error, jobs) for (job_type, error), jobs in found.items()]
        return sorted(groups, key=lambda group: group.last_seen, reverse=True)[:MOST_GROUPS]


def _group(job_type: str, error: str, jobs: list[StoredJob]) -> DeadGroup:
    jobs.sort(key=lambda job: (job.finished_at or _EPOCH, job.id))
    return DeadGroup(
        type=job_type,
        error=error,
        count=Count(len(jobs)),
        first_seen=jobs[0].finished_at or _EPOCH,
        last_seen=jobs[-1].finished_at or _EPOCH,
        example=jobs[-1].id,
    )
