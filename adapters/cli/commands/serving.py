"""Commands that start what goes on until it is stopped, and the one that prepares the database."""

import asyncio
import sys
from enum import StrEnum
from typing import Annotated

import typer

from adapters.cli.failures import ExitCode
from adapters.cli.parameters import Dsn, database, length
from adapters.cli.program import HealthQuestion, Program, Serving, WorkOrder

_MOST_PROCESSES = 1_000


class _Health(StrEnum):
    LIVEZ = "livez"
    READYZ = "readyz"


def add_services(app: typer.Typer, program: Program) -> None:
    """Add them."""
    _add_migrate(app, program)
    _add_worker(app, program)
    _add_health(app, program)
    _add_dashboard(app, program)


def _add_migrate(app: typer.Typer, program: Program) -> None:
    @app.command()
    def migrate(*, dsn: Dsn = None) -> None:
        """Bring the tables of the queue to the version this code needs; safe at any time, and as often as you like."""
        asyncio.run(program.migrate(database(dsn)))
        sys.stdout.write("the tables are up to date\n")


def _add_worker(app: typer.Typer, program: Program) -> None:
    @app.command()
    def worker(
        target: Annotated[str, typer.Argument(metavar="MODULE:NAME", help="A container, or what opens queues.")],
        queues: Annotated[
            str | None, typer.Option(help="emails,default: all, if not given.", show_default=False)
        ] = None,
        processes: Annotated[int, typer.Option("--processes", "-P", min=1, max=_MOST_PROCESSES)] = 1,
        grace: Annotated[str, typer.Option(help="How long running jobs may go on once it is to stop.")] = "30s",
        *,
        dsn: Dsn = None,
        ends_with_input: Annotated[bool, typer.Option("--ends-with-input", hidden=True)] = False,
    ) -> None:
        """Run the jobs of queues until SIGTERM or Ctrl-C; a second one ends it at once."""
        order = WorkOrder(target, _names(queues), processes, length(grace), ends_with_input)
        raise typer.Exit(program.work(dsn, order))


def _add_health(app: typer.Typer, program: Program) -> None:
    @app.command()
    def health(
        question: Annotated[
            _Health, typer.Argument(help="Whether it lives, or whether it works jobs.")
        ] = _Health.READYZ,
        host: Annotated[str | None, typer.Option(help="ARROWER_HEALTH_HOST", show_default="127.0.0.1")] = None,
        port: Annotated[
            int | None, typer.Option(help="ARROWER_HEALTH_PORT", show_default=False, min=1, max=65_535)
        ] = None,
    ) -> None:
        """Ask a worker process how it does; ends with 0 where all is well, for containers."""
        if not program.ask_health(HealthQuestion(question.value, host, port)):
            raise typer.Exit(ExitCode.PROBLEM)


def _add_dashboard(app: typer.Typer, program: Program) -> None:
    @app.command()
    def dashboard(
        host: Annotated[str | None, typer.Option(help="ARROWER_DASHBOARD_HOST", show_default="127.0.0.1")] = None,
        port: Annotated[
            int | None, typer.Option(help="ARROWER_DASHBOARD_PORT", show_default="8420", min=0, max=65_535)
        ] = None,
        *,
        actions: Annotated[
            bool | None, typer.Option("--actions/--read-only", help="Whether one may act.", show_default="read-only")
        ] = None,
        dsn: Dsn = None,
    ) -> None:
        """Serve the dashboard until Ctrl-C."""
        asyncio.run(program.serve_dashboard(database(dsn), Serving(host, port, actions)))


def _names(queues: str | None) -> tuple[str, ...]:
    names = (name.strip() for name in (queues or "").split(","))
    return tuple("" if name == "default" else name for name in names if name)
