"""Queues as rows of a table."""

import asyncio
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
    lines = await asyncio.gather(*(site.reader.throughput(window, queue.name) for queue in queues))
    return [QueueRow(queue, sparkline(line)) for queue, line in zip(queues, lines, strict=True)]
