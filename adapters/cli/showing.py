"""Reading something, and showing it: once or again and again, to people or to programs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from adapters.cli.failures import DatabaseUnreachable, WrongUse
from adapters.cli.output import Document, console, write_documents
from adapters.cli.parameters import length
from adapters.cli.program import Program
from adapters.cli.tables import Sight
from application.jobs.control_room import ControlRoom

ReadT = TypeVar("ReadT")

_SHORTEST_PAUSE = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True)
class How:
    """In which way it is to be shown."""

    as_json: bool
    watch: bool = False
    every: str = "2s"

    def pause(self) -> timedelta:
        """Return the time from one look to the next. Raises `WrongUse`."""
        if self.as_json and self.watch:
            msg = "--watch is for people, --json for programs: not both"
            raise WrongUse(msg)
        return max(length(self.every), _SHORTEST_PAUSE)


@dataclass(frozen=True, slots=True)
class View(Generic[ReadT]):
    """What is read, and its two looks."""

    read: Callable[[ControlRoom], Awaitable[ReadT]]
    draw: Callable[[ReadT, Sight], RenderableType]
    tell: Callable[[ReadT], Iterable[Document]]


def show(program: Program, dsn: str, view: View[ReadT], how: How) -> ReadT | None:
    """Show it, and return what was read; None after watching."""
    pause = how.pause()
    if how.watch:
        with suppress(KeyboardInterrupt):  # the way to end it
            asyncio.run(_watch(program, dsn, view, pause))
        return None
    value, now = asyncio.run(_once(program, dsn, view))
    if how.as_json:
        write_documents(view.tell(value))
    else:
        target = console()
        target.print(view.draw(value, Sight(target.width, now)))
    return value


async def _once(program: Program, dsn: str, view: View[ReadT]) -> tuple[ReadT, datetime]:
    async with program.control_room(dsn) as room:
        return await view.read(room), await room.now()


async def _watch(program: Program, dsn: str, view: View[ReadT], pause: timedelta) -> None:
    target = console()
    shown: RenderableType = Text("…")
    with Live(shown, console=target, auto_refresh=False, vertical_overflow="ellipsis") as live:
        is_first = True
        while True:
            try:
                async with program.control_room(dsn) as room:
                    while True:
                        value, now = await view.read(room), await room.now()
                        shown = view.draw(value, Sight(target.width, now))
                        _put(target, live, shown)
                        is_first = False
                        await asyncio.sleep(pause.total_seconds())
            except DatabaseUnreachable as error:
                if is_first:
                    raise
                _put(target, live, Group(shown, Text(f"{error.message}; trying again", "red")))
                await asyncio.sleep(pause.total_seconds())


def _put(target: Console, live: Live, shown: RenderableType) -> None:
    if target.is_terminal:
        live.update(shown, refresh=True)
    else:
        target.print(shown)  # in a file there is no place to draw anew
        target.file.flush()
