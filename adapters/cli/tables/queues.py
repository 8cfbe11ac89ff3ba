"""Queues as a table."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from adapters.cli.tables import Sight, cell, counted, new_table, style_of
from adapters.cli.words import duration, number, percent, queue_name, rate
from application.jobs.looking import QueueRecord
from domain.jobs import JobState

_ALWAYS = (JobState.READY, JobState.RUNNING, JobState.SCHEDULED, JobState.DEAD)
_HEADINGS = ("Ready", "Running", "Sched.", "Dead", "Oldest", "Rate", "Busy")
_OF_A_NARROW_ONE = ("Ready", "Dead", "Busy")


def queues_table(queues: Sequence[QueueRecord], sight: Sight) -> RenderableType:
    """Return the queues, one a row."""
    if not queues:
        return Text("There are no queues: nothing was enqueued yet, and no worker has started.")
    table, headings = new_table(), _OF_A_NARROW_ONE if sight.is_narrow else _HEADINGS
    width = None if sight.is_wide else 12 if sight.is_narrow else 16
    table.add_column("Queue", overflow="ellipsis", no_wrap=True, max_width=width)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    if sight.is_wide:
        for heading in ("Failed", "Run p95", "Wait p95", "Empty in", "Completed"):
            table.add_column(heading, justify="right", no_wrap=True)
    for queue in queues:
        cells = [cell for heading, cell in zip(_HEADINGS, _cells(queue), strict=True) if heading in headings]
        table.add_row(_name(queue), *cells, *(_more_cells(queue) if sight.is_wide else ()))
    return table


def _name(queue: QueueRecord) -> Text:
    name = cell(queue_name(queue.name), "bold")
    if queue.paused_at is None:
        return name
    return Text.assemble(("⏸ ", "yellow"), name, overflow="ellipsis", no_wrap=True)


def _cells(queue: QueueRecord) -> list[Text]:
    counts = [counted(queue.counts[state], number(queue.counts[state]), style_of(state)) for state in _ALWAYS]
    return [
        *counts,
        Text(duration(queue.oldest_ready).partition(" ")[0]),
        Text(rate(queue.throughput)),
        _busy(queue),
    ]


def _more_cells(queue: QueueRecord) -> list[Text]:
    completed = queue.counts[JobState.COMPLETED]
    return [
        Text(percent(queue.failure_rate)),
        Text(duration(queue.run.p95 if queue.run else None)),
        Text(duration(queue.wait.p95 if queue.wait else None)),
        Text(duration(queue.until_empty)),
        counted(completed, number(completed), style_of(JobState.COMPLETED)),
    ]


def _busy(queue: QueueRecord) -> Text:
    if not queue.workers:
        return Text("no worker", "red" if queue.counts[JobState.READY] else "bright_black")
    return Text(f"{queue.busy}/{queue.places}")
