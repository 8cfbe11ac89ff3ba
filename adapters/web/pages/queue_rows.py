"""Queues as rows of a table."""

from collections.abc import Sequence
from typing import NamedTuple

from adapters.web.charts.sparkline import Sparkline, sparkline
from adapters.web.site import Site
from adapters.web.windows import Window
from application.jobs.looking import QueueRecord


class QueueRow(NamedTuple):
    """A queue with its curve."""

    queue: QueueRecord
    line: Sparkline


async def queue_rows(site: Site, queues: Sequence[QueueRecord], window: Window) -> list[QueueRow]:
    """Return a row for each queue."""
    lines = await site.reader.throughput_by_queue(window)
    return [QueueRow(queue, sparkline(lines.get(queue.name, ()))) for queue in queues]
