"""Commands that change one job, and that forget finished ones."""

from typing import Annotated

import typer

from adapters.cli.asking import ManyAct, act_on_many
from adapters.cli.commands.one_by_one import act_on_each
from adapters.cli.parameters import AsJson, Dsn, OfQueue, Yes, database, instant, job_id, length, queue_of
from adapters.cli.program import Program
from application.jobs.acting import Retention
from application.jobs.acting.prune_jobs import DEFAULT_STATES
from application.jobs.control_room import ControlRoom
from domain.jobs import JobId, JobState

Priority = Annotated[int | None, typer.Option("--priority", "-p", help="Lower runs first.", show_default=False)]
RunAt = Annotated[
    str | None, typer.Option("--run-at", help="2030-01-31T09:00+01:00, or 15m from now.", show_default=False)
]


def add_change(app: typer.Typer, program: Program) -> None:
    """Add the one that moves a job."""

    @app.command()
    def change(
        number: Annotated[str, typer.Argument(metavar="ID")],
        priority: Priority = None,
        run_at: RunAt = None,
        *,
        dsn: Dsn = None,
        as_json: AsJson = False,
    ) -> None:
        """Change when a job runs that waits."""
        start = instant(run_at)

        async def act(room: ControlRoom, job: JobId) -> str:
            await room.change(job, priority=priority, run_at=await start(room))
            return "changed"

        act_on_each(program, database(dsn), [job_id(number)], act, as_json=as_json)


def add_prune(app: typer.Typer, program: Program) -> None:
    """Add the one that forgets."""

    @app.command()
    def prune(
        older_than: Annotated[str, typer.Option(help="Since their end: 12h, 7d.")] = "24h",
        state: Annotated[
            list[JobState] | None,
            typer.Option("--state", "-s", help="Completed and cancelled ones, if not given.", show_default=False),
        ] = None,
        queue: OfQueue = None,
        *,
        yes: Yes = False,
        dsn: Dsn = None,
        as_json: AsJson = False,
    ) -> None:
        """Remove finished jobs by their age, with their history."""
        retention = Retention(length(older_than), state or DEFAULT_STATES, queue_of(queue))
        deed = ManyAct(
            "prune",
            "pruned",
            lambda room: room.prune.count(retention),
            lambda room, progress: room.prune(retention, progress),
        )
        act_on_many(program, database(dsn), deed, yes=yes, as_json=as_json)
