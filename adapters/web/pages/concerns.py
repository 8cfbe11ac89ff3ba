"""What somebody should look at."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adapters.web.formatting import coarse, number
from application.jobs.looking import QueueRecord
from domain.jobs import JobState


class Concern(NamedTuple):
    """A sentence that begins with a link to what it is about."""

    sign: str
    queue: str
    text: str


def concerns_about(queues: Sequence[QueueRecord]) -> list[Concern]:
    """Return what keeps jobs waiting that are ready."""
    return [concern for queue in queues for concern in _about(queue)]


def _about(queue: QueueRecord) -> Iterator[Concern]:
    ready = queue.counts[JobState.READY]
    wait = "" if queue.oldest_ready is None else f", the oldest for {coarse(queue.oldest_ready)}"
    waiting = f"{number(ready)} {'job waits' if ready == 1 else 'jobs wait'}{wait}"
    if queue.paused_at is not None:
        yield Concern("paused", queue.name, f"is paused; {waiting if ready else 'nothing waits'}.")
    elif ready and not queue.workers:
        yield Concern("ready", queue.name, f"has no living worker; {waiting}.")
