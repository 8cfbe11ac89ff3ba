"""When a failed job is tried again, and how often."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

_SHARED_RANDOM = Random()  # noqa: S311  # jitter spreads load; nothing secret depends on it


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How many attempts a job has, and the pause between them.

    The pause after the n-th failed attempt is `min(base * factor**n, cap)`, spread by ± `jitter`
    (a share of the pause), so that jobs which failed together do not come back together. The
    formula and its defaults are those of gue's exponential backoff, which go-arrower uses.

    Raises `ValueError` where a value is out of range.
    """

    max_attempts: int = 25
    """Attempts in all, the first included; then the job is dead. 1 to 32767."""
    base: timedelta = timedelta(seconds=1)
    factor: float = 1.6
    cap: timedelta = timedelta(hours=1)
    jitter: float = 0.2

    def __post_init__(self) -> None:
        if not 1 <= self.max_attempts <= _MOST_ATTEMPTS:
            msg = f"max_attempts must be from 1 to {_MOST_ATTEMPTS}, not {self.max_attempts}"
            raise ValueError(msg)
        if self.base < timedelta(0) or self.cap < timedelta(0) or self.cap > timedelta(days=3650):
            msg = f"base and cap must be from zero to ten years, not {self.base} and {self.cap}"
            raise ValueError(msg)
        if not (1 <= self.factor < float("inf") and 0 <= self.jitter <= 1):
            msg = f"factor must be 1 or more and jitter from 0 to 1, not {self.factor} and {self.jitter}"
            raise ValueError(msg)

    def allows_another(self, attempts: int) -> bool:
        """Tell whether a job that used this many attempts may be tried again."""
        return attempts < self.max_attempts

    def delay(self, failed_attempts: int, random: Random = _SHARED_RANDOM) -> timedelta:
        """Return the pause after this many failed attempts; `random` makes it repeatable."""
        cap = self.cap.total_seconds()
        try:
            pause = min(self.base.total_seconds() * self.factor**failed_attempts, cap)
        except OverflowError:
            pause = cap
        return timedelta(seconds=pause * (1 + random.uniform(-self.jitter, self.jitter)))


_MOST_ATTEMPTS = 32_767
