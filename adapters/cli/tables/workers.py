"""Workers as a table."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from adapters.cli.tables import Sight, cell, new_table
from adapters.cli.words import from_now, number, queue_name, tail
from application.jobs.looking import WorkerRecord

_SHORT, _SHORTEST = 18, 12
_TYPES = 28


def workers_table(workers: Sequence[WorkerRecord], sight: Sight) -> RenderableType:
    """Return the pools that are alive, one a row."""
    if not workers:
        return Text("No worker is alive.")
    table = new_table()
    for heading in ("Queue", "Worker"):
        width = 30 if sight.is_wide else _SHORTEST if sight.is_narrow else _SHORT
        table.add_column(heading, no_wrap=True, overflow="ellipsis", max_width=width)
    table.add_column("Busy", justify="right", no_wrap=True)
    if not sight.is_narrow:
        table.add_column("Host", no_wrap=True, overflow="ellipsis", max_width=30 if sight.is_wide else 12)
        table.add_column("Pid", justify="right", no_wrap=True)
    table.add_column("Seen", justify="right", no_wrap=True)
    if sight.is_wide:
        table.add_column("Version", no_wrap=True, overflow="ellipsis", max_width=16)
        table.add_column("Started", no_wrap=True, justify="right")
        table.add_column("Types", no_wrap=True, overflow="ellipsis", ratio=1)
    for worker in workers:
        table.add_row(*_cells(worker, sight), *(_more_cells(worker, sight.now) if sight.is_wide else ()))
    return table


def _cells(worker: WorkerRecord, sight: Sight) -> list[Text]:
    return [
        cell(queue_name(worker.queue), "bold"),
        cell(worker.pool_name),
        Text(f"{number(worker.busy)}/{number(worker.size)}", "yellow" if worker.busy == worker.size else ""),
        *(() if sight.is_narrow else (cell(worker.host), Text(str(worker.pid)))),
        Text(from_now(min(worker.last_seen, sight.now), sight.now)),
    ]


def _more_cells(worker: WorkerRecord, now: datetime) -> list[Text]:
    types = ", ".join(tail(name, _TYPES) for name in worker.types)
    return [cell(worker.version), Text(from_now(worker.started_at, now)), cell(types)]
