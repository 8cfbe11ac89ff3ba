"""A list of jobs as a table."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from adapters.cli.continuing import so_far
from adapters.cli.tables import Sight, cell, fill, new_table, state_text
from adapters.cli.words import from_now, head, one_line, queue_name, tail
from application.jobs.looking import JobPage, JobSummary

_TYPE, _WIDE_TYPE = 18, 40
_QUEUE, _WIDE_QUEUE = 10, 30


def jobs_page(page: JobPage, sight: Sight) -> RenderableType:
    """Return a page by itself, with how much was searched for it where that is not all."""
    if not page.is_cut_short:
        return jobs_table(page.jobs, sight)
    said = Text(so_far(page))
    return Group(jobs_table(page.jobs, sight), said) if page.jobs else said


def jobs_table(jobs: Sequence[JobSummary], sight: Sight) -> RenderableType:
    """Return the jobs, one a row."""
    if not jobs:
        return Text("No job matches.")
    table = new_table()
    table.add_column("Id", justify="right", no_wrap=True)
    table.add_column("State", no_wrap=True, min_width=9)
    if not sight.is_narrow:
        table.add_column("Queue", no_wrap=True, overflow="ellipsis")
    table.add_column("Type", no_wrap=True, overflow="ellipsis")
    if not sight.is_narrow:
        table.add_column("When", no_wrap=True, justify="right")
        table.add_column("Try", justify="right", no_wrap=True)
        table.add_column("Error, or payload", no_wrap=True, overflow="ellipsis")
    fill(table, [_cells(job, sight) for job in jobs], sight.width)
    return table


def _cells(job: JobSummary, sight: Sight) -> list[Text]:
    job_id, state = Text(str(int(job.id))), state_text(job.state)
    if sight.is_narrow:
        return [job_id, state, cell(tail(job.type, _TYPE))]
    return [
        job_id,
        state,
        cell(head(queue_name(job.queue), _WIDE_QUEUE if sight.is_wide else _QUEUE)),
        cell(tail(job.type, _WIDE_TYPE if sight.is_wide else _TYPE)),
        Text(from_now(_when(job), sight.now)),
        Text(str(job.attempt)),
        cell(job.payload, "bright_black") if job.error is None else cell(one_line(job.error), "red"),
    ]


def _when(job: JobSummary) -> datetime:
    return job.finished_at or job.started_at or job.run_at
