"""Commands on jobs that are named by their ids, or by what they have in common."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from adapters.cli.asking import ManyAct, Progress, act_on_many
from adapters.cli.commands.one_by_one import act_on_each
from adapters.cli.commands.signatures import with_options_of
from adapters.cli.failures import WrongUse
from adapters.cli.parameters import AsJson, Dsn, OfError, OfQueue, OfText, OfType, Yes, database, job_id, queue_of
from adapters.cli.program import Program
from application.jobs.acting import ManyJobs
from application.jobs.control_room import ControlRoom
from application.jobs.looking import Count, JobFilter
from domain.jobs import JobId, JobState

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", show_default=False)]
OfState = Annotated[JobState | None, typer.Option("--state", "-s", show_default=False)]
All = Annotated[bool, typer.Option("--all", help="Every job in that state.")]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done with jobs."""

    verb: str
    done: str
    """The verb for when it is done."""
    one: Callable[[ControlRoom, JobId], Awaitable[str]]
    """Does it with one, and says in a word what became of it."""
    many: Callable[[ControlRoom], ManyJobs]
    states: Sequence[JobState | None]
    """Those that are meant where no state is said."""


def _options(
    ids: Ids = None,
    *,
    queue: OfQueue = None,
    state: OfState = None,
    type_: OfType = None,
    text: OfText = None,
    error: OfError = None,
    every_one: All = False,
    yes: Yes = False,
    dsn: Dsn = None,
    as_json: AsJson = False,
) -> None:
    """Take what all of them take."""


def on_chosen(
    app: typer.Typer, program: Program, *, without: Collection[str] = ()
) -> Callable[[Callable[[JobState | None], Deed]], None]:
    """Add a command by a function that returns what is done with jobs in a state, or in any."""

    def add(deed_on: Callable[[JobState | None], Deed]) -> None:
        @app.command(deed_on.__name__, help=deed_on.__doc__)
        @with_options_of(_options, without=without)
        def command(
            *,
            ids: list[str] | None,
            queue: str | None,
            state: JobState | None,
            type_: str | None,
            text: str | None,
            yes: bool,
            dsn: str | None,
            as_json: bool,
            error: str | None = None,
            every_one: bool = False,
        ) -> None:
            deed = deed_on(state)
            states = [state] if state else deed.states
            filters = [JobFilter(queue_of(queue), one, type_, text, error) for one in states]
            if _are_named(ids, (queue, state, type_, text, error), every_one=every_one):
                jobs = [job_id(number) for number in ids or ()]
                act_on_each(program, database(dsn), jobs, deed.one, as_json=as_json)
            else:
                act_on_many(program, database(dsn), _many(deed, filters), yes=yes, as_json=as_json)

    return add


def _are_named(ids: Sequence[str] | None, conditions: Sequence[Any], *, every_one: bool) -> bool:
    """Tell whether jobs are named. Raises `WrongUse` where it is not clear which ones are meant."""
    has_conditions = every_one or any(condition is not None for condition in conditions)
    if bool(ids) == has_conditions:
        msg = "say which jobs: either their ids, or what they have in common"
        raise WrongUse(msg)
    return bool(ids)


def _many(deed: Deed, filters: Sequence[JobFilter]) -> ManyAct:
    async def count(room: ControlRoom) -> Count:
        counts = [await deed.many(room).count(wanted) for wanted in filters]
        return Count(sum(counts), exact=all(one.exact for one in counts))

    async def act(room: ControlRoom, progress: Progress) -> int:
        touched = 0
        for wanted in filters:
            touched += await deed.many(room)(wanted, _onwards(progress, touched))
        return touched

    return ManyAct(deed.verb, deed.done, count, act)


def _onwards(progress: Progress, before: int) -> Progress:
    return lambda touched: progress(before + touched)
