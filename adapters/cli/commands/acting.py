"""Commands that act on jobs: on those named by their ids, or on all that match."""

import typer

from adapters.cli.commands.changing import add_change, add_prune
from adapters.cli.commands.chosen import Deed, on_chosen
from adapters.cli.program import Program
from application.jobs.acting import Cancelled
from application.jobs.control_room import ControlRoom
from domain.jobs import JobId, JobState

_CANCELLED = {
    Cancelled.NOW: "cancelled",
    Cancelled.REQUESTED: "is running: its worker was told to call it off",
}
_WAITING = (JobState.SCHEDULED, JobState.READY)


def add_acts(app: typer.Typer, program: Program) -> None:
    """Add them."""

    @on_chosen(app, program)
    def retry(_state: JobState | None) -> Deed:
        """Let jobs run now: those named, or all dead ones that match (--state for cancelled or scheduled ones)."""
        return Deed("retry", "retried", _retry, lambda room: room.retry_many, [JobState.DEAD])

    @on_chosen(app, program, without=["error"])
    def cancel(state: JobState | None) -> Deed:
        """Call jobs off: those named, or all that match and wait (--state running for those that run)."""
        done = "told the workers to stop" if state is JobState.RUNNING else "cancelled"
        return Deed("cancel", done, _cancel, lambda room: room.cancel_many, _WAITING)

    @on_chosen(app, program, without=["every_one"])
    def delete(_state: JobState | None) -> Deed:
        """Remove jobs with their history: those named, or all that match a --state."""
        return Deed("delete", "deleted", _delete, lambda room: room.delete_many, [None])

    add_change(app, program)
    add_prune(app, program)


async def _retry(room: ControlRoom, job: JobId) -> str:
    await room.retry(job)
    return "is ready"


async def _cancel(room: ControlRoom, job: JobId) -> str:
    return _CANCELLED[await room.cancel(job)]


async def _delete(room: ControlRoom, job: JobId) -> str:
    await room.delete(job)
    return "deleted"
