"""Commands that look, and change nothing."""

from typing import Annotated

import typer

from adapters.cli.commands.listing import add_jobs
from adapters.cli.documents import dead_document, job_document, queue_document, worker_document
from adapters.cli.parameters import AsJson, Dsn, Every, OfQueue, Watch, database, job_id, length, queue_of
from adapters.cli.program import Program
from adapters.cli.showing import How, View, show
from adapters.cli.tables.dead import dead_table
from adapters.cli.tables.job import job_sheet
from adapters.cli.tables.queues import queues_table
from adapters.cli.tables.workers import workers_table


def add_looks(app: typer.Typer, program: Program) -> None:
    """Add them."""
    _add_queues(app, program)
    add_jobs(app, program)
    _add_job(app, program)
    _add_workers(app, program)
    _add_dead(app, program)


def _add_queues(app: typer.Typer, program: Program) -> None:
    @app.command()
    def queues(
        window: Annotated[str, typer.Option(help="Rates and times are over this long.")] = "5m",
        *,
        dsn: Dsn = None,
        as_json: AsJson = False,
        watch: Watch = False,
        every: Every = "2s",
    ) -> None:
        """Show the queues in numbers."""
        view = View(
            read=lambda room: room.queues(length(window)),
            draw=queues_table,
            tell=lambda found: map(queue_document, found),
        )
        show(program, database(dsn), view, How(as_json, watch, every))


def _add_job(app: typer.Typer, program: Program) -> None:
    @app.command()
    def job(
        number: Annotated[str, typer.Argument(metavar="ID")],
        *,
        dsn: Dsn = None,
        as_json: AsJson = False,
        watch: Watch = False,
        every: Every = "2s",
    ) -> None:
        """Show one job: its attempts and errors, its payload, and why it is not running."""
        wanted = job_id(number)
        view = View(read=lambda room: room.job(wanted), draw=job_sheet, tell=lambda found: [job_document(found)])
        show(program, database(dsn), view, How(as_json, watch, every))


def _add_workers(app: typer.Typer, program: Program) -> None:
    @app.command()
    def workers(
        queue: OfQueue = None,
        *,
        dsn: Dsn = None,
        as_json: AsJson = False,
        watch: Watch = False,
        every: Every = "2s",
    ) -> None:
        """Show the workers that are alive."""
        view = View(
            read=lambda room: room.workers(queue_of(queue)),
            draw=workers_table,
            tell=lambda found: map(worker_document, found),
        )
        show(program, database(dsn), view, How(as_json, watch, every))


def _add_dead(app: typer.Typer, program: Program) -> None:
    @app.command()
    def dead(
        queue: OfQueue = None,
        *,
        dsn: Dsn = None,
        as_json: AsJson = False,
        watch: Watch = False,
        every: Every = "2s",
    ) -> None:
        """Show the dead jobs by what they died of."""
        view = View(
            read=lambda room: room.dead(queue_of(queue)),
            draw=dead_table,
            tell=lambda found: map(dead_document, found),
        )
        show(program, database(dsn), view, How(as_json, watch, every))
