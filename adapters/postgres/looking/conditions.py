"""What a filter means in SQL."""

from dataclasses import replace

from application.jobs.looking import JobFilter
from domain.jobs import JobState

_BY_TIME_ONLY = (None, JobState.COMPLETED)
"""Completed jobs are found by their time only: an index more would cost every job."""

_ORDER_OF_WAITING = {JobState.READY: "queue, priority, run_at", JobState.SCHEDULED: "queue, run_at"}


def indexed_part(wanted: JobFilter) -> JobFilter:
    """Return what an index finds; the rest has to be read in each row."""
    dead = wanted.state is JobState.DEAD
    queue = None if wanted.state in _BY_TIME_ONLY or (dead and wanted.type is not None) else wanted.queue
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
    for column, operator, value in (
        ("queue", "=", wanted.queue),
        ("type", "=", wanted.type),
        ("coalesce(error_kind, '')", "=", wanted.error),
        ("worker", "=", wanted.worker),
        ("finished_at", "<", wanted.finished_before),
    ):
        if value is not None:
            parts.append(f"{column} {operator} {parameters.add(value)}")
    if wanted.state is JobState.RUNNING:
        parts.append("worker is not null")  # all of them have one, and the index knows only those
    if wanted.text is not None:
        parts.append(f"strpos(lower(payload::text), lower({parameters.add(wanted.text)}::text)) > 0")
    return " and ".join(parts)
