"""What a program is asked to do: one JSON object, its only argument. Standard library only."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One job for one process."""

    role: str
    """`install` the tables, `work`, or `enqueue`."""
    jobs: int = 0
    """How many jobs there are in all, for any number of workers together."""
    func: str = "noop"
    """`noop`, `insert` one effect, or what else a program offers."""
    queues: tuple[str, ...] = ("",)
    sample_every: int = 0
    """Take the times of every n-th job; 0 is of none."""
    concurrency: int = 0
    """Jobs at the same time in one process."""
    connections: int = 0
    """Connections of the pool of one process."""
    prefetch: int = 0
    """Jobs fetched at once, where a program lets one say."""
    list_size: int = 1
    """Jobs enqueued by one call."""
    warm_up: int = 1
    """Calls before the start, with jobs whose numbers are negative."""
    pause: float = 0.0
    """Seconds between two calls."""
    window: int = 0
    """Let so many jobs wait at most; 0 is any number."""

    sdk: str = ""
    """What an SDK of OpenTelemetry records: `metrics`, `traces` and metrics, or nothing, because there is none."""

    def as_json(self) -> str:
        """Return the argument of the program."""
        return json.dumps(asdict(self))


WORK = Task("work")
"""Jobs that do nothing, on the default queue."""


def given_task() -> Task:
    """Return the task this process was started with."""
    fields = json.loads(sys.argv[1])
    return Task(**fields | {"queues": tuple(fields["queues"])})
