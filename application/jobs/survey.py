"""What a store holds, in numbers that are looked up now and then."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from domain.jobs import JobState


class QueueDepth(NamedTuple):
    """The jobs of one queue."""

    queue: str
    states: Mapping[JobState, int]
    """An estimate where there are very many."""
    oldest_ready: timedelta | None
    """How long the job has waited for a worker that has waited longest; None where none waits."""


class Survey(NamedTuple):
    """All queues of a store."""

    queues: Sequence[QueueDepth]
    oldest_snapshot: timedelta | None
    """How long a session has kept the server from cleaning up, as far as it may be seen; None: there is none."""
