"""How one queue works in this process."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from domain.jobs import InvalidQueueOption

_LONGEST_NAME = 100
_LARGEST_POOL = 10_000


def shown_name(queue: str) -> str:
    """Return the name under which people see a queue."""
    return queue or "default"


def _random_name() -> str:
    return f"pool-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """The options of a queue. Raises `InvalidQueueOption` naming the one that is out of range."""

    queue: str = ""
    """At most 100 characters; the empty name is the default queue."""
    poll_interval: timedelta = timedelta(seconds=5)
    """How long a missed notification can delay a job."""
    pool_size: int = 10
    """Jobs of this queue that run at the same time in this process."""
    pool_name: str = field(default_factory=_random_name)
    lease: timedelta = timedelta(seconds=30)
    """A worker not heard of for this long is taken for dead, and its jobs are given to others."""
    version: str = "unknown"
    """The version of the application, shown with its workers."""

    def __post_init__(self) -> None:
        check_queue_name(self.queue)
        _check_name("pool_name", self.pool_name)
        if not self.pool_name:
            msg = "pool_name must not be empty"
            raise InvalidQueueOption(msg)
        if not 1 <= self.pool_size <= _LARGEST_POOL:
            msg = f"pool_size must be from 1 to {_LARGEST_POOL}, not {self.pool_size}"
            raise InvalidQueueOption(msg)
        for name, duration in (("poll_interval", self.poll_interval), ("lease", self.lease)):
            if not timedelta(milliseconds=1) <= duration <= timedelta(days=365):
                msg = f"{name} must be from a millisecond to a year, not {duration}"
                raise InvalidQueueOption(msg)


def check_queue_name(queue: object) -> None:
    """Raise `InvalidQueueOption` for what cannot be the name of a queue."""
    _check_name("queue", queue)


def _check_name(option: str, name: object) -> None:
    if not isinstance(name, str):
        msg = f"{option} must be a string, not {name!r:.50}"
        raise InvalidQueueOption(msg)
    if len(name) > _LONGEST_NAME:
        msg = f"{option} has {len(name)} characters, at most {_LONGEST_NAME} are allowed"
        raise InvalidQueueOption(msg)
    if not name.isprintable():
        msg = f"{option} {name!r} holds characters that cannot be printed"
        raise InvalidQueueOption(msg)
