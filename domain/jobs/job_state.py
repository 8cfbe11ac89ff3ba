"""The states a job can be in."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands. A job waiting for a retry is `SCHEDULED` with attempts above zero."""

    SCHEDULED = "scheduled"
    """Waits for its time."""
    READY = "ready"
    """Waits for a worker that knows its type."""
    RUNNING = "running"
    """Owned by one attempt."""
    COMPLETED = "completed"
    """Done; kept for a while for the history."""
    DEAD = "dead"
    """Failed for good: attempts used up, discarded, or unreadable. Kept until somebody decides."""
    CANCELLED = "cancelled"
    """Called off before it was done."""
