"""What a filter means in SQL."""

from collections.abc import Iterator
from dataclasses import replace

from application.jobs.looking import JobFilter
from domain.jobs import JobState

_BY_QUEUE = (JobState.READY, JobState.SCHEDULED, JobState.RUNNING, JobState.DEAD)
"""Completed jobs are found by their time only: an index more would cost every job. Cancelled ones are few."""

_COMPARISONS = {
    "queue": "queue = {}",
    "type": "type = {}",
    "error": "coalesce(error_kind, '') = {}",
    "worker": "worker = {}",
    "finished_before": "finished_at < {}",
    "text": "strpos(lower(payload::text), lower({}::text)) > 0",
}

_ORDER_OF_WAITING = {JobState.READY: "queue, priority, run_at", JobState.SCHEDULED: "queue, run_at"}


def indexed_part(wanted: JobFilter) -> JobFilter:
    """Return what an index finds; the rest has to be read in each row."""
    dead = wanted.state is JobState.DEAD
    queue = wanted.queue if wanted.state in _BY_QUEUE and not (dead and wanted.type is not None) else None
    return replace(wanted, queue=queue, type=wanted.type if dead else None, text=None)


def indexed_order(state: JobState | None) -> str:
    """Return an `order by` in which an index has the waiting jobs of a state; nothing for other states.

    Given a limit alone, the planner may read the table itself, as if jobs of all states were mixed evenly in it.
    """
    order = None if state is None else _ORDER_OF_WAITING.get(state)
    return "" if order is None else f"order by {order}"


class Parameters:
    """The parameters of one statement."""

    def __init__(self) -> None:
        self.values: list[object] = []

    def add(self, value: object) -> str:
        """Add a value, and return how the statement names it."""
        self.values.append(value)
        return f"${len(self.values)}"


def condition(wanted: JobFilter, parameters: Parameters) -> str:
    """Return the condition on rows of jobs or finished_jobs.

    The state is a literal, so that partial indexes match. Columns and states are ours; every value of the
    filter becomes a parameter.
    """
    parts = ["true" if wanted.state is None else f"state = '{wanted.state.value}'"]
    if wanted.state is JobState.RUNNING:
        parts.append("worker is not null")  # all of them have one, and the index knows only those
    return " and ".join([*parts, *_comparisons(wanted, JobFilter(), parameters)])


def rest_condition(wanted: JobFilter, parameters: Parameters) -> str:
    """Return what the condition of the indexed part leaves to be looked for in each row.

    It names no column that it need not name: then the index alone may tell the answer.
    """
    return " and ".join(_comparisons(wanted, indexed_part(wanted), parameters)) or "true"


def _comparisons(wanted: JobFilter, known: JobFilter, parameters: Parameters) -> Iterator[str]:
    for name, comparison in _COMPARISONS.items():
        value = getattr(wanted, name)
        if value is not None and value != getattr(known, name):
            yield comparison.format(parameters.add(value))
