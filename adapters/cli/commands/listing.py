"""The command that lists jobs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from math import inf
from typing import Annotated

import typer

from adapters.cli.continuing import Found, continuation, continuation_line
from adapters.cli.documents import summary_document
from adapters.cli.output import console, write_documents, write_note
from adapters.cli.parameters import (
    AsJson,
    Dsn,
    Every,
    OfError,
    OfQueue,
    OfText,
    OfType,
    Watch,
    database,
    length,
    queue_of,
)
from adapters.cli.program import Program
from adapters.cli.showing import How, View, show
from adapters.cli.tables import Sight
from adapters.cli.tables.jobs import jobs_page, jobs_table
from application.jobs.control_room import ControlRoom
from application.jobs.looking import JobFilter, JobPage
from domain.jobs import JobState

_PAGE = 500
_MOST = 1_000_000_000

OldestFirst = Annotated[
    bool | None, typer.Option("--oldest-first/--newest-first", help="From which end.", show_default=False)
]


def add_jobs(app: typer.Typer, program: Program) -> None:
    """Add it."""

    @app.command()
    def jobs(
        queue: OfQueue = None,
        state: Annotated[JobState | None, typer.Option("--state", "-s", show_default=False)] = None,
        type_: OfType = None,
        text: OfText = None,
        error: OfError = None,
        *,
        limit: Annotated[
            int, typer.Option("--limit", "-n", min=0, max=_MOST, help="0 is all, however long that takes.")
        ] = 50,
        after: Annotated[str | None, typer.Option(help="Where the list before ended.", show_default=False)] = None,
        oldest_first: OldestFirst = None,
        within: Annotated[str, typer.Option(help="How long to search where few of very many match: 1s, 5m.")] = "1s",
        dsn: Dsn = None,
        as_json: AsJson = False,
        watch: Watch = False,
        every: Every = "2s",
    ) -> None:
        """List jobs: those that wait in the order in which they run, others with the newest first."""
        wanted = JobFilter(queue=queue_of(queue), state=state, type=type_, text=text, error=error)
        newest_first = None if oldest_first is None else not oldest_first
        listing = _Listing(wanted, limit, after, length(within), newest_first=newest_first)
        if watch:
            view = View(
                read=listing.first_page,
                draw=jobs_page,
                tell=lambda page: map(summary_document, page.jobs),
            )
            show(program, database(dsn), view, How(as_json, watch, every))
        else:
            asyncio.run(_list(program, database(dsn), listing, as_json=as_json))


class _Listing:
    """A list, page by page."""

    def __init__(
        self, wanted: JobFilter, limit: int, after: str | None, within: timedelta, *, newest_first: bool | None
    ) -> None:
        self.wanted, self._limit, self._after, self._newest_first = wanted, limit or _MOST, after, newest_first
        self._within = within.total_seconds() if limit else inf

    async def first_page(self, room: ControlRoom) -> JobPage:
        return await self._page(room, self._after, min(self._limit, _PAGE))

    async def pages(self, room: ControlRoom) -> AsyncIterator[JobPage]:
        loop = asyncio.get_running_loop()
        left, after, ends_at = self._limit, self._after, loop.time() + self._within
        while left:
            page = await self._page(room, after, min(left, _PAGE))
            yield page
            left, after = left - len(page.jobs), page.next
            if after is None or (page.is_cut_short and loop.time() >= ends_at):
                return

    async def _page(self, room: ControlRoom, after: str | None, limit: int) -> JobPage:
        return await room.jobs(self.wanted, after=after, limit=limit, newest_first=self._newest_first)


async def _list(program: Program, dsn: str, listing: _Listing, *, as_json: bool) -> None:
    target, listed, last = console(), 0, None
    async with program.control_room(dsn) as room:
        async for page in listing.pages(room):
            last = page
            if as_json:
                write_documents(map(summary_document, page.jobs))
            elif page.jobs or (not listed and page.next is None):
                target.print(jobs_table(page.jobs, Sight(target.width, await room.now())))
            listed += len(page.jobs)
        if last is not None and last.next is not None:
            tell = continuation_line if as_json else continuation
            found: Found = {}
            if last.is_cut_short:
                found = await room.jobs.found_at_once(listing.wanted)
            write_note(tell(last, found))
