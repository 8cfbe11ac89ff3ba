"""The command that enqueues a job."""

import asyncio
import sys
from typing import Annotated

import typer

from adapters.cli.commands.changing import RunAt
from adapters.cli.output import write_documents
from adapters.cli.parameters import AsJson, Dsn, OfQueue, database, instant, queue_of
from adapters.cli.program import Program
from domain.jobs import JobId


def add_enqueue(app: typer.Typer, program: Program) -> None:
    """Add it."""

    @app.command()
    def enqueue(
        type_: Annotated[str, typer.Argument(metavar="TYPE")],
        payload: Annotated[str, typer.Argument(metavar="JSON", help="Its fields; - reads standard input.")],
        queue: OfQueue = None,
        priority: Annotated[int, typer.Option("--priority", "-p", help="Lower runs first.")] = 0,
        run_at: RunAt = None,
        *,
        unchecked: Annotated[bool, typer.Option(help="Take a type that only living workers know.")] = False,
        dsn: Dsn = None,
        as_json: AsJson = False,
    ) -> None:
        """Enqueue a job by hand, checked by its type."""
        fields = sys.stdin.read() if payload == "-" else payload
        start, where = instant(run_at), queue_of(queue) or ""

        async def work() -> JobId:
            async with program.control_room(database(dsn)) as room:
                due = await start(room)
                return await room.enqueue(
                    type_, fields, queue=where, priority=priority, run_at=due, unchecked=unchecked
                )

        job = asyncio.run(work())
        if as_json:
            write_documents([{"id": int(job), "type": type_, "queue": where}])
        else:
            sys.stdout.write(f"{job}\n")
