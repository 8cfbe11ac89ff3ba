"""How one attempt at a job ends."""

from enum import StrEnum

from application.jobs.attempt import Attempt, Revoked
from application.jobs.job_store import ClaimedJob
from domain.jobs import AttemptLost, Discard, Snooze, UnreadablePayload


class Outcome(StrEnum):
    """What an attempt came to."""

    COMPLETED = "completed"
    FAILED = "failed"
    """Another attempt follows."""
    DEAD = "dead"
    """Failed, and there are no attempts left, or the payload cannot be read."""
    DISCARDED = "discarded"
    """The job func gave the job up; it is dead."""
    SNOOZED = "snoozed"
    RELEASED = "released"
    """Cancelled by a shutdown and handed back; it does not count."""
    CANCELLED = "cancelled"
    """Somebody called the job off while it ran."""
    LOST = "lost"
    """The job belonged to another attempt by then: nothing of this one was written."""


def outcome_of(attempt: Attempt, job: ClaimedJob, error: BaseException) -> Outcome:
    """Decide what an attempt that ended with `error` comes to, provided that it still owns its job."""
    if job in attempt.called_off and not isinstance(error, AttemptLost):
        return Outcome.CANCELLED
    if attempt.revoked is not None:
        return Outcome.LOST if attempt.revoked is Revoked.LOST else Outcome.RELEASED
    for kind, outcome in _SIGNALS.items():
        if isinstance(error, kind):
            return outcome
    return Outcome.FAILED if attempt.func.retry.allows_another(job.attempt) else Outcome.DEAD


_SIGNALS: dict[type[BaseException], Outcome] = {
    AttemptLost: Outcome.LOST,
    Snooze: Outcome.SNOOZED,
    Discard: Outcome.DISCARDED,
    UnreadablePayload: Outcome.DEAD,
}
