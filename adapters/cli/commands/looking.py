"""Commands that look, and change nothing."""

from typing import Annotated

import typer

from adapters.cli.commands.listing import add_jobs
from adapters.cli.commands.watched import watched
from adapters.cli.documents import dead_document, job_document, queue_document, worker_document
from adapters.cli.parameters import OfQueue, job_id, length, queue_of
from adapters.cli.program import Program
from adapters.cli.showing import View
from adapters.cli.tables.dead import dead_table
from adapters.cli.tables.job import job_sheet
from adapters.cli.tables.queues import queues_table
from adapters.cli.tables.workers import workers_table
from application.jobs.looking import DeadGroup, JobView, QueueRecord, WorkerRecord

Window = Annotated[str, typer.Option(help="Rates and times are over this long.")]
Id = Annotated[str, typer.Argument(metavar="ID")]


def add_looks(app: typer.Typer, program: Program) -> None:
    """Add them."""

    @watched(app, program)
    def queues(window: Window = "5m") -> View[list[QueueRecord]]:
        """Show the queues in numbers."""
        over = length(window)
        return View(lambda room: room.queues(over), queues_table, lambda found: map(queue_document, found))

    add_jobs(app, program)

    @watched(app, program)
    def job(number: Id) -> View[JobView]:
        """Show one job: its attempts and errors, its payload, and why it is not running."""
        wanted = job_id(number)
        return View(lambda room: room.job(wanted), job_sheet, lambda found: [job_document(found)])

    @watched(app, program)
    def workers(queue: OfQueue = None) -> View[list[WorkerRecord]]:
        """Show the workers that are alive."""
        return View(
            lambda room: room.workers(queue_of(queue)), workers_table, lambda found: map(worker_document, found)
        )

    @watched(app, program)
    def dead(queue: OfQueue = None) -> View[list[DeadGroup]]:
        """Show the dead jobs by what they died of."""
        return View(lambda room: room.dead(queue_of(queue)), dead_table, lambda found: map(dead_document, found))
