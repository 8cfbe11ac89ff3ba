"""Listing dead jobs by what they died of."""

from application.jobs.looking.dead_jobs import DeadGroup, DeadJobs


class ListDeadJobs:
    """Tells which jobs need somebody's decision, many of a kind as one."""

    def __init__(self, dead_jobs: DeadJobs) -> None:
        self._dead_jobs = dead_jobs

    async def __call__(self, queue: str | None = None) -> list[DeadGroup]:
        """Return the groups, the one that grew last first; None is all queues."""
        return await self._dead_jobs.groups(queue)
