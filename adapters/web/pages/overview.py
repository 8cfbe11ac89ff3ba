"""All queues at a glance."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from adapters.web.charts.throughput import throughput_chart
from adapters.web.formatting import coarse, number
from adapters.web.pages.concerns import concerns_about
from adapters.web.pages.queue_rows import queue_rows
from adapters.web.site import Site
from adapters.web.windows import WINDOWS, window_of
from application.jobs.looking import Bucket, QueueRecord
from domain.jobs import JobState

_MOST_QUEUES = 12
_MOST_CONCERNS = 6


async def overview(site: Site, request: Request) -> dict[str, Any]:
    """Show the states, the throughput, and what needs somebody."""
    window, reader = window_of(request.query_params.get("window")), site.reader
    queues, buckets = await reader.queues(window), await reader.throughput(window)
    concerns = concerns_about(queues)
    return {
        "window": window,
        "windows": WINDOWS,
        "counts": await reader.counts(),
        "notes": _notes(queues, buckets, window.title),
        "concerns": concerns[:_MOST_CONCERNS],
        "more_concerns": len(concerns[_MOST_CONCERNS:]),
        "chart": throughput_chart(buckets, window.step),
        "queues": await queue_rows(site, _busiest(queues), window),
        "queues_in_all": len(queues),
        "steering": False,
        "workers": await reader.workers(),
        "dead_groups": await reader.dead(),
    }


def _busiest(queues: Sequence[QueueRecord]) -> list[QueueRecord]:
    if len(queues) <= _MOST_QUEUES:
        return list(queues)
    return sorted(queues, key=_work, reverse=True)[:_MOST_QUEUES]


def _work(queue: QueueRecord) -> tuple[int, int]:
    return queue.completed + queue.failed, queue.counts[JobState.READY] + queue.counts[JobState.RUNNING]


def _notes(queues: Sequence[QueueRecord], buckets: Sequence[Bucket], window: str) -> dict[JobState, str]:
    oldest = max((queue.oldest_ready for queue in queues if queue.oldest_ready is not None), default=None)
    places = sum(queue.places for queue in queues)
    sums = {
        JobState.COMPLETED: sum(bucket.completed for bucket in buckets),
        JobState.DEAD: sum(bucket.dead for bucket in buckets),
        JobState.CANCELLED: sum(bucket.cancelled for bucket in buckets),
    }
    notes = {state: f"{number(total)} in {window}" for state, total in sums.items() if total}
    notes[JobState.SCHEDULED] = "for later, or for a retry"
    notes[JobState.READY] = "" if oldest is None else f"the oldest waits {coarse(oldest)}"
    notes[JobState.RUNNING] = f"on {number(places)} places" if places else "no worker is alive"
    return notes
