"""In which order finished jobs are picked, so that a batch is a piece of the index that is meant for them."""

from dataclasses import replace

from adapters.postgres.looking.conditions import Parameters, condition
from application.jobs.looking import JobFilter
from domain.jobs import JobState

_ORDERS = {"type": "type, coalesce(error_kind, ''), finished_at", "queue": "queue, finished_at", None: "finished_at"}


def finished_order(wanted: JobFilter) -> str:
    """Return the clause `order by`, of the columns of an index."""
    return f"order by {_ORDERS[_leading_column(wanted)]}"


def condition_in_order(wanted: JobFilter, parameters: Parameters) -> str:
    """Return the condition that goes with it.

    Said to be equal to a value, the leading column would not count in the order, and all dead jobs would do in the
    order of their end: among them the planner expects the wanted ones evenly, however far behind they are.
    """
    column = _leading_column(wanted)
    if column is None:
        return condition(wanted, parameters)
    value = parameters.add(getattr(wanted, column))
    return f"{condition(replace(wanted, **{column: None}), parameters)} and {column} between {value} and {value}"


def _leading_column(wanted: JobFilter) -> str | None:
    if wanted.state is not JobState.DEAD:
        return None
    return next((column for column in ("type", "queue") if getattr(wanted, column) is not None), None)
