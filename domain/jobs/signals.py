"""What a job func can raise to say how its job goes on. Neither is a failure of the worker."""

from datetime import timedelta


class Discard(Exception):
    """Raised by a job func: give up now. Its writes are rolled back and the job is dead at once."""

    def __init__(self, reason: str = "discarded by the job func") -> None:
        super().__init__(reason)
        self.reason = reason


class Snooze(Exception):
    """Raised by a job func: not now. Its writes are rolled back and the job runs again after `delay`.

    The attempt does not count. Raises `ValueError` for a delay that is negative or above ten years.
    """

    def __init__(self, delay: timedelta) -> None:
        if not timedelta(0) <= delay <= _LONGEST:
            msg = f"a snooze lasts from zero to ten years, not {delay}"
            raise ValueError(msg)
        super().__init__(f"snoozed for {delay.total_seconds():g} s")
        self.delay = delay


_LONGEST = timedelta(days=3650)
