"""Listing queues."""

from datetime import timedelta

from application.jobs.looking.queue_figures import RESOLUTION, QueueFigures
from application.jobs.looking.queue_record import QueueRecord
from domain.jobs import InvalidRequest

_WINDOW = timedelta(minutes=5)
_LONGEST = timedelta(days=2)


class ListQueues:
    """Tells how the queues stand, and what happened in them of late."""

    def __init__(self, figures: QueueFigures) -> None:
        self._figures = figures

    async def __call__(self, window: timedelta = _WINDOW) -> list[QueueRecord]:
        """Return every queue, by name, with rates and times over the last `window`.

        Raises `InvalidRequest` where that is not from ten seconds to two days.
        """
        if not RESOLUTION <= window <= _LONGEST:
            msg = f"the window must be from ten seconds to two days, not {window}"
            raise InvalidRequest(msg)
        return await self._figures.queues(window)
