"""Instants that SQL can write and Python does not have."""

from datetime import UTC, datetime, timedelta


def within_python(column: str, name: str) -> str:
    """Return SQL that gives a column as the first or the last instant of Python where it lies beyond."""
    return f"greatest(least({column}, '9999-12-31 23:59:59.999999+00'), '0001-01-01 00:00+00') as {name}"


def aware(instant: datetime) -> datetime:
    """Return an instant with its zone: asyncpg leaves it out for PostgreSQL's infinities."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def age(instant: datetime | None, now: datetime) -> timedelta | None:
    """Return how long ago an instant was; None where there is none, and nothing where it is still to come."""
    return None if instant is None else max(now - aware(instant), timedelta(0))
