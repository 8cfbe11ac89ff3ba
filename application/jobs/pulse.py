"""Whether a pool still does what it is there for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pulse:
    """A running pool, as it looks from inside its process. Times are seconds."""

    queue: str
    pool_name: str
    running: int
    """Calls of job funcs that are under way."""
    late: float
    """How long the loop of the pool that is furthest behind has been due to turn; 0 while all turn."""
    since_claim: float | None
    """Since a claim was answered, or was not needed because all places were taken; None before the first."""
    poll_interval: float
    """A claim is made at least so often."""
    left_behind: int = 0
    """Threads of plain job funcs that go on although their attempts have ended."""
