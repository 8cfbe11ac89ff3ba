"""Which jobs are meant."""

from dataclasses import dataclass
from datetime import datetime

from application.jobs.job_store import WorkerId
from domain.jobs import InvalidRequest, JobState

FINISHED = frozenset((JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED))


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Jobs for which everything holds that is not None. Raises `InvalidRequest` for what cannot be meant."""

    queue: str | None = None
    """Its exact name; the empty one is the default queue."""
    state: JobState | None = None
    type: str | None = None
    text: str | None = None
    """Stands in the payload, in whatever case."""
    error: str | None = None
    """What the last attempt of dead jobs failed with, as `DeadGroup.error` has it."""
    worker: WorkerId | None = None
    """Who owns them, of running jobs."""
    finished_before: datetime | None = None
    """Of finished jobs, timezone-aware."""

    def __post_init__(self) -> None:
        self._only("error", self.error, {JobState.DEAD})
        self._only("worker", self.worker, {JobState.RUNNING})
        self._only("finished_before", self.finished_before, FINISHED)
        if self.finished_before is not None and self.finished_before.utcoffset() is None:
            msg = f"finished_before must be timezone-aware, {self.finished_before!r} is naive"
            raise InvalidRequest(msg)
        for name, text in (("queue", self.queue), ("type", self.type), ("text", self.text), ("error", self.error)):
            if text is not None and "\0" in text:
                msg = f"{name} {text!r:.100} holds NUL, which no job does"
                raise InvalidRequest(msg)

    def _only(self, name: str, value: object, states: frozenset[JobState] | set[JobState]) -> None:
        if value is not None and self.state not in states:
            msg = f"{name} needs a state, one of {', '.join(sorted(states))}"
            raise InvalidRequest(msg)
