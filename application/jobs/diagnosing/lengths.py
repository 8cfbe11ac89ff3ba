"""Numbers in sentences."""

from datetime import timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def about(length: timedelta) -> str:
    """Return `3 hours`: the largest unit tells enough."""
    seconds = round(length.total_seconds())
    for unit, size in _UNITS:
        if seconds >= size:
            return many(seconds // size, unit)
    return many(seconds, "second")


def many(number: int, noun: str) -> str:
    """Return `1 job`, `1,200 jobs`, and `about 1,200,000 jobs` for an estimate."""
    estimate = "" if getattr(number, "exact", True) else "about "
    return f"{estimate}{number:,} {noun}{'' if number == 1 else 's'}"


def queue_name(name: str) -> str:
    """Return what the queue is called; the one without a name is the default."""
    return f"The queue {name or 'default'}"
