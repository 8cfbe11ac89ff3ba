"""Queues as a table."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from adapters.cli.tables import Sight, cell, counted, new_table, style_of
from adapters.cli.words import duration, number, percent, queue_name, rate
from application.jobs.looking import QueueRecord
from domain.jobs import JobState

_ALWAYS = (JobState.READY, JobState.RUNNING, JobState.SCHEDULED, JobState.DEAD)


def queues_table(queues: Sequence[QueueRecord], sight: Sight) -> RenderableType:
    """Return the queues, one a row."""
    if not queues:
        return Text("There are no queues: nothing was enqueued yet, and no worker has started.")
    table = new_table()
    table.add_column("Queue", overflow="ellipsis", no_wrap=True, max_width=None if sight.is_wide else 16)
    for heading in ("Ready", "Running", "Sched.", "Dead", "Oldest", "Rate", "Busy"):
        table.add_column(heading, justify="right", no_wrap=True)
    if sight.is_wide:
        for heading in ("Failed", "Run p95", "Wait p95", "Empty in", "Completed"):
            table.add_column(heading, justify="right", no_wrap=True)
    for queue in queues:
        table.add_row(*_cells(queue), *(_more_cells(queue) if sight.is_wide else ()))
    return table


def _cells(queue: QueueRecord) -> list[Text]:
    name = cell(queue_name(queue.name), "bold")
    if queue.paused_at is not None:
        name = Text.assemble(("⏸ ", "yellow"), name, overflow="ellipsis", no_wrap=True)
    counts = [counted(queue.counts[state], number(queue.counts[state]), style_of(state)) for state in _ALWAYS]
    return [
        name,
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
