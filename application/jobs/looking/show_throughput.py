"""Showing what ended when."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from application.jobs.looking.queue_figures import RESOLUTION, Bucket, QueueFigures
from domain.jobs import InvalidRequest

_LONGEST = timedelta(days=2)


class ShowThroughput:
    """Tells how many jobs ended in each stretch of time, for charts."""

    def __init__(self, figures: QueueFigures) -> None:
        self._figures = figures

    async def __call__(
        self, since: datetime, *, step: timedelta = RESOLUTION, queue: str | None = None
    ) -> list[Bucket]:
        """Return what ended from `since` until now, in buckets of `step`; None is all queues.

        `since` is rounded down to a multiple of `step`. Figures are kept for two days. Raises
        `InvalidRequest` where `since` is naive or `step` not a multiple of ten seconds up to two days.
        """
        _check(since, step)
        return await self._figures.throughput(since, step=step, queue=queue)

    async def by_queue(self, since: datetime, *, step: timedelta = RESOLUTION) -> Mapping[str, list[Bucket]]:
        """Return the same for each queue in which something ended. Raises `InvalidRequest` as above."""
        _check(since, step)
        return await self._figures.throughput_by_queue(since, step=step)


def _check(since: datetime, step: timedelta) -> None:
    if since.utcoffset() is None:
        msg = f"since must be timezone-aware, {since!r} is naive"
        raise InvalidRequest(msg)
    if step % RESOLUTION or not RESOLUTION <= step <= _LONGEST:
        msg = f"the step must be a multiple of {RESOLUTION} up to {_LONGEST}, not {step}"
        raise InvalidRequest(msg)
