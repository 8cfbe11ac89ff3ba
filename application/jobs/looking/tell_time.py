"""Telling the time."""

from datetime import datetime

from application.jobs.looking.inspection import JobInspection


class TellTime:
    """Tells the time by the clock of the store, from which everybody counts: that of a host may be hours off."""

    def __init__(self, inspection: JobInspection) -> None:
        self._inspection = inspection

    async def __call__(self) -> datetime:
        """Return the instant, timezone-aware UTC."""
        return await self._inspection.now()
