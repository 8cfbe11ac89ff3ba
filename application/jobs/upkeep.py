"""What a pool does beside running jobs, each in a loop of its own: none waits for another, or for a job."""

from collections.abc import Sequence
from datetime import timedelta

from application.jobs.job_store import JobStore
from application.jobs.loop import Loop
from application.jobs.telemetry import PoolTelemetry

_MAINTENANCE_INTERVAL = 0.5
_SURVEY_INTERVAL = 15.0
_COUNTING_INTERVAL = 10.0


class Upkeep:
    """Promotes scheduled jobs, maintains the store, and counts for gauges and charts."""

    def __init__(self, store: JobStore, telemetry: PoolTelemetry, poll_interval: timedelta) -> None:
        self._store = store
        self._telemetry = telemetry
        self._poll_interval = poll_interval.total_seconds()
        self.promotion = Loop("promoting scheduled jobs", self._promote_step)
        self.survey = Loop("counting jobs", self._survey_step)
        self._maintenance = Loop("maintenance", self._maintain_step)
        self._counting = Loop("counting what ended", self._count_step)

    @property
    def loops(self) -> Sequence[Loop]:
        """All of them, to be run."""
        return self.promotion, self._maintenance, self.survey, self._counting

    async def promote(self) -> timedelta | None:
        """Promote once. Returns how long the next job has to wait; None where there is none."""
        promotion = await self._store.promote()
        if promotion.jobs:
            self._telemetry.promoted(promotion.jobs)
        return promotion.next_due

    async def _promote_step(self) -> float:
        due = await self.promote()
        return self._poll_interval if due is None else min(due.total_seconds(), self._poll_interval)

    async def _maintain_step(self) -> float:
        self._telemetry.maintained(await self._store.maintain())
        return _MAINTENANCE_INTERVAL

    async def _survey_step(self) -> float:
        if self._telemetry.wants_survey():
            self._telemetry.surveyed(await self._store.survey())
        return _SURVEY_INTERVAL

    async def _count_step(self) -> float:
        return 0 if await self._store.count_ended() else _COUNTING_INTERVAL
