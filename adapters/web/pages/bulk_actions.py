"""What can be done to all jobs that match."""

from application.jobs.looking import JobFilter
from domain.jobs import JobState

_ON_STATE = {
    JobState.SCHEDULED: ("retry", "cancel", "delete"),
    JobState.READY: ("cancel", "delete"),
    JobState.RUNNING: ("cancel",),
    JobState.COMPLETED: ("delete",),
    JobState.DEAD: ("retry", "delete"),
    JobState.CANCELLED: ("retry", "delete"),
}


def bulk_actions_on(wanted: JobFilter) -> tuple[str, ...]:
    """Return the actions there are on all jobs of a state; none where the state is not said."""
    return () if wanted.state is None else _ON_STATE.get(wanted.state, ())
