"""Commands that stop and start queues."""

import asyncio
import sys
from typing import Annotated

import typer

from adapters.cli.failures import CommandFailed
from adapters.cli.output import write_documents, write_note
from adapters.cli.parameters import AsJson, Dsn, database, queue_of
from adapters.cli.program import Program
from adapters.cli.words import queue_name

Name = Annotated[str, typer.Argument(metavar="QUEUE", help="Its name; default is the one without.")]


def add_switches(app: typer.Typer, program: Program) -> None:
    """Add them."""

    @app.command()
    def pause(queue: Name, *, dsn: Dsn = None, as_json: AsJson = False) -> None:
        """Let nobody take jobs from a queue; what runs goes on, and enqueueing too."""
        _switch(program, database(dsn), queue_of(queue) or "", paused=True, as_json=as_json)

    @app.command()
    def resume(queue: Name, *, dsn: Dsn = None, as_json: AsJson = False) -> None:
        """Let workers take jobs from a paused queue again."""
        _switch(program, database(dsn), queue_of(queue) or "", paused=False, as_json=as_json)


def _switch(program: Program, dsn: str, queue: str, *, paused: bool, as_json: bool) -> None:
    changed = asyncio.run(_set(program, dsn, queue, paused=paused))
    if as_json:
        write_documents([{"queue": queue, "paused": paused, "changed": changed}])
    elif changed:
        sys.stdout.write(f"queue {queue_name(queue)} {'paused' if paused else 'resumed'}\n")
    if not changed:
        msg = f"queue {queue_name(queue)} {'was paused already' if paused else 'was not paused'}"
        raise CommandFailed(msg)


async def _set(program: Program, dsn: str, queue: str, *, paused: bool) -> bool:
    async with program.control_room(dsn) as room:
        if paused and queue not in {known.name for known in await room.queues()}:
            write_note(f"nobody has used a queue {queue_name(queue)} so far: is that its name?")
        return await (room.pause if paused else room.resume)(queue)
