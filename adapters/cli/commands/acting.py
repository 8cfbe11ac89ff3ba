"""Commands that act on jobs: on those named by their ids, or on all that match."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from adapters.cli.asking import ManyAct, Progress, act_on_many
from adapters.cli.commands.changing import add_change, add_prune
from adapters.cli.commands.one_by_one import act_on_each
from adapters.cli.failures import WrongUse
from adapters.cli.parameters import AsJson, Dsn, OfError, OfQueue, OfText, OfType, Yes, database, job_id, queue_of
from adapters.cli.program import Program
from application.jobs.acting import Cancelled, ManyJobs
from application.jobs.control_room import ControlRoom
from application.jobs.looking import Count, JobFilter
from domain.jobs import JobId, JobState

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", show_default=False)]
OfState = Annotated[JobState | None, typer.Option("--state", "-s", show_default=False)]
All = Annotated[bool, typer.Option("--all", help="Every job in that state.")]

_CANCELLED = {Cancelled.NOW: "cancelled"}
_TOLD = "is running: its worker was told to call it off"


def add_acts(app: typer.Typer, program: Program) -> None:
    """Add them."""
    _add_retry(app, program)
    _add_cancel(app, program)
    _add_delete(app, program)
    add_change(app, program)
    add_prune(app, program)


def _add_retry(app: typer.Typer, program: Program) -> None:
    @app.command()
    def retry(
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
        """Let jobs run now: those named, or all dead ones that match (--state for cancelled or scheduled ones)."""
        filters = [JobFilter(queue_of(queue), state or JobState.DEAD, type_, text, error)]
        if not _chosen(ids, (queue, state, type_, text, error), every_one=every_one):
            deed = _many("retry", "retried", lambda room: room.retry_many, filters)
            act_on_many(program, database(dsn), deed, yes=yes, as_json=as_json)
            return

        async def act(room: ControlRoom, job: JobId) -> str:
            await room.retry(job)
            return "is ready"

        act_on_each(program, database(dsn), _ids(ids), act, as_json=as_json)


def _add_cancel(app: typer.Typer, program: Program) -> None:
    @app.command()
    def cancel(
        ids: Ids = None,
        *,
        queue: OfQueue = None,
        state: OfState = None,
        type_: OfType = None,
        text: OfText = None,
        every_one: All = False,
        yes: Yes = False,
        dsn: Dsn = None,
        as_json: AsJson = False,
    ) -> None:
        """Call jobs off: those named, or all that match and wait (--state running for those that run)."""
        states = [state] if state else [JobState.SCHEDULED, JobState.READY]
        filters = [JobFilter(queue_of(queue), one, type_, text) for one in states]
        if not _chosen(ids, (queue, state, type_, text), every_one=every_one):
            done = "told the workers to stop" if state is JobState.RUNNING else "cancelled"
            deed = _many("cancel", done, lambda room: room.cancel_many, filters)
            act_on_many(program, database(dsn), deed, yes=yes, as_json=as_json)
            return

        async def act(room: ControlRoom, job: JobId) -> str:
            return _CANCELLED.get(await room.cancel(job), _TOLD)

        act_on_each(program, database(dsn), _ids(ids), act, as_json=as_json)


def _add_delete(app: typer.Typer, program: Program) -> None:
    @app.command()
    def delete(
        ids: Ids = None,
        *,
        queue: OfQueue = None,
        state: OfState = None,
        type_: OfType = None,
        text: OfText = None,
        error: OfError = None,
        yes: Yes = False,
        dsn: Dsn = None,
        as_json: AsJson = False,
    ) -> None:
        """Remove jobs with their history: those named, or all that match a --state."""
        filters = [JobFilter(queue_of(queue), state, type_, text, error)]
        if not _chosen(ids, (queue, state, type_, text, error), every_one=False):
            deed = _many("delete", "deleted", lambda room: room.delete_many, filters)
            act_on_many(program, database(dsn), deed, yes=yes, as_json=as_json)
            return

        async def act(room: ControlRoom, job: JobId) -> str:
            await room.delete(job)
            return "deleted"

        act_on_each(program, database(dsn), _ids(ids), act, as_json=as_json)


def _chosen(ids: Sequence[str] | None, conditions: Sequence[object], *, every_one: bool) -> bool:
    """Tell whether jobs are named. Raises `WrongUse` where it is not clear which ones are meant."""
    has_conditions = every_one or any(condition is not None for condition in conditions)
    if bool(ids) == has_conditions:
        msg = "say which jobs: either their ids, or what they have in common"
        raise WrongUse(msg)
    return bool(ids)


def _onwards(progress: Progress, before: int) -> Progress:
    return lambda touched: progress(before + touched)


def _ids(texts: Sequence[str] | None) -> list[JobId]:
    return [job_id(text) for text in texts or ()]


def _many(verb: str, done: str, chosen: Callable[[ControlRoom], ManyJobs], filters: Sequence[JobFilter]) -> ManyAct:
    async def count(room: ControlRoom) -> Count:
        counts = [await chosen(room).count(wanted) for wanted in filters]
        return Count(sum(counts), exact=all(one.exact for one in counts))

    async def act(room: ControlRoom, progress: Progress) -> int:
        touched = 0
        for wanted in filters:
            before = touched
            touched += await chosen(room)(wanted, _onwards(progress, before))
        return touched

    return ManyAct(verb, done, count, act)
