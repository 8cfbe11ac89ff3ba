"""One job, with everything that is known of it."""

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from adapters.cli.tables import Sight, cell, new_table, state_text
from adapters.cli.words import duration, from_now, moment, one_line, plain, queue_name
from application.jobs.looking import AttemptOutcome, AttemptRecord, JobRecord, JobView

_OUTCOMES = {
    AttemptOutcome.COMPLETED: "green",
    AttemptOutcome.FAILED: "red",
    AttemptOutcome.DIED: "bold red",
    AttemptOutcome.CANCELLED: "bright_black",
    AttemptOutcome.RUNNING: "yellow",
}


def job_sheet(view: JobView, _sight: Sight) -> RenderableType:
    """Return the job, its attempts, and the traceback of the last one that failed."""
    job = view.job
    parts: list[RenderableType] = [_facts(view), Text(), Text("Payload", "bold"), Text(_payload(job))]
    if job.attempts:
        parts += [Text(), _attempts(job)]
    traceback = next((attempt.traceback for attempt in reversed(job.attempts) if attempt.traceback), None)
    if traceback:
        parts += [Text(), Text("Traceback of the last failure", "bold"), Text(plain(traceback.rstrip(), "\n\t"))]
    return Group(*parts)


def _facts(view: JobView) -> Table:
    facts = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _pairs(view):
        facts.add_row(Text(name, "bold"), value)
    return facts


def _pairs(view: JobView) -> Iterator[tuple[str, Text]]:
    job, now = view.job, view.job.seen_at
    yield "Job", Text.assemble(str(int(job.id)), "  ", state_text(job.state))
    if view.waiting is not None:
        yield "Waits", Text(plain(view.waiting.sentence), "yellow")
    if job.cancel_requested_at is not None:
        yield "Cancelling", Text(f"since {moment(job.cancel_requested_at)}: its worker was told", "yellow")
    yield "Type", Text(plain(job.type))
    yield "Queue", Text(queue_name(job.queue))
    yield "Enqueued", Text(f"{moment(job.enqueued_at)}  {from_now(job.enqueued_at, now)}")
    yield "Due", Text(f"{moment(job.run_at)}  {from_now(job.run_at, now)}")
    if job.finished_at is not None:
        yield "Finished", Text(f"{moment(job.finished_at)}  {from_now(job.finished_at, now)}")
    yield "Priority", Text(str(job.priority))
    yield "Attempts", Text(str(job.attempt))
    if job.trace_id is not None:
        yield "Trace", Text(job.trace_id)


def _attempts(job: JobRecord) -> Table:
    table = new_table()
    table.add_column("Attempt", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Started", no_wrap=True)
    table.add_column("Took", justify="right", no_wrap=True)
    table.add_column("Worker", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("Error", ratio=1, overflow="fold")
    for attempt in job.attempts:
        ended = attempt.finished_at or job.seen_at
        table.add_row(
            str(attempt.number),
            Text(str(attempt.outcome), _OUTCOMES[attempt.outcome]),
            moment(attempt.started_at),
            duration(ended - attempt.started_at),
            cell(_who(attempt)),
            Text(one_line(attempt.error or "")),
        )
    return table


def _who(attempt: AttemptRecord) -> str:
    version = f" {attempt.version}" if attempt.version and attempt.version != "unknown" else ""
    return f"{attempt.pool_name}{version}"


def _payload(job: JobRecord) -> str:
    try:
        shown = json.dumps(json.loads(job.payload), indent=2, ensure_ascii=False)
    except ValueError:
        shown = job.payload
    return plain(shown, "\n")
