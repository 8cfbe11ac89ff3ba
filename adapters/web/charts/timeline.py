"""A job's life as one line: when it waited, and when it ran."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from adapters.web.charts.scale import nice_step
from application.jobs.looking import AttemptRecord, JobRecord
from domain.jobs import JobState

WIDTH = 1_000
_LEAST_RUN = 5.0
_LEAST_WAIT = 2.0
_MOST_ATTEMPTS = 60
_ROOM_FOR_A_NAME = 45.0
_MOST_NAMES_ON_A_PHONE = 8
_MOST_MARKS = 6
_BETWEEN_THE_ENDS = (0.19, 0.77)
"""The shares of the line where a mark is in the way of neither end."""
_NOTHING = timedelta(0)


class SpanKind(StrEnum):
    """What a job did for a while."""

    SCHEDULED = "scheduled"
    READY = "ready"
    RAN = "ran"


@dataclass(frozen=True, slots=True)
class Span:
    """A while of a job's life, with its place on the line."""

    kind: SpanKind
    begin: datetime
    length: timedelta
    attempt: AttemptRecord | None
    place: int = 0
    """Of the attempt, among all."""
    x: float = 0
    width: float = 0
    is_named: bool = False
    """Whether there is room for the number of the attempt."""

    @property
    def middle(self) -> float:
        """Of its place on the line."""
        return self.x + self.width / 2

    @property
    def outcome(self) -> str:
        """Name the state that has the colour."""
        return self.kind if self.attempt is None else self.attempt.outcome


class Mark(NamedTuple):
    """A round length of time since the begin."""

    share: float
    """How far along the line it is, from 0 to 100."""
    length: timedelta


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line, and what it adds up to."""

    spans: Sequence[Span]
    begin: datetime
    end: datetime
    waited: timedelta
    ran: timedelta
    left_out: int
    """Attempts before the first one that is drawn."""
    to_scale: bool
    """Whether no span had to be drawn longer to be seen."""

    @property
    def is_crowded(self) -> bool:
        """Whether the numbers of the attempts are too many for a line as short as on a phone."""
        return sum(span.is_named for span in self.spans) > _MOST_NAMES_ON_A_PHONE

    @property
    def marks(self) -> Sequence[Mark]:
        """Return round lengths of time since the begin; nothing where the line is not to scale."""
        length = self.end - self.begin
        if not self.to_scale or length <= _NOTHING:
            return []
        step, (first, last) = nice_step(length, _MOST_MARKS), _BETWEEN_THE_ENDS
        marks = (Mark(100 * number * step / length, number * step) for number in range(1, _MOST_MARKS + 1))
        return [mark for mark in marks if 100 * first <= mark.share <= 100 * last]


def timeline(job: JobRecord) -> Timeline:
    """Lay the line of a job out, up to its end or the instant it was seen at."""
    end = job.finished_at or job.seen_at
    left_out = max(len(job.attempts) - _MOST_ATTEMPTS, 0)
    spans = [span for span in _spans(job, job.attempts[left_out:], end) if span.length > _NOTHING or span.attempt]
    placed, to_scale = _placed(spans)
    return Timeline(
        spans=placed,
        begin=spans[0].begin if spans else job.enqueued_at,
        end=max(end, job.enqueued_at),
        waited=sum((span.length for span in spans if span.kind is not SpanKind.RAN), _NOTHING),
        ran=sum((span.length for span in spans if span.kind is SpanKind.RAN), _NOTHING),
        left_out=left_out,
        to_scale=to_scale,
    )


def _spans(job: JobRecord, attempts: Sequence[AttemptRecord], end: datetime) -> Iterator[Span]:
    free_at = job.enqueued_at if len(attempts) == len(job.attempts) else attempts[0].started_at
    for place, attempt in enumerate(attempts, len(job.attempts) - len(attempts) + 1):
        # When an earlier attempt was due is not kept: the first is drawn as ready all along, a retry as scheduled.
        known = attempt is attempts[-1]
        due = job.run_at if known else free_at if attempt is job.attempts[0] else attempt.started_at
        yield from _waits(free_at, attempt.started_at, due)
        free_at = max(attempt.finished_at or end, attempt.started_at)
        yield Span(SpanKind.RAN, attempt.started_at, free_at - attempt.started_at, attempt, place)
    if job.state in (JobState.SCHEDULED, JobState.READY, JobState.CANCELLED):
        yield from _waits(free_at, end, job.run_at)


def _waits(begin: datetime, end: datetime, due: datetime) -> Iterator[Span]:
    due = min(max(due, begin), max(begin, end))
    yield Span(SpanKind.SCHEDULED, begin, due - begin, None)
    yield Span(SpanKind.READY, due, max(end - due, _NOTHING), None)


def _placed(spans: Sequence[Span]) -> tuple[list[Span], bool]:
    total = sum((span.length for span in spans), _NOTHING) or timedelta(seconds=1)
    widths = [max(span.length / total * WIDTH, _LEAST_RUN if span.attempt else _LEAST_WAIT) for span in spans]
    shrink = WIDTH / max(sum(widths), 1)
    placed: list[Span] = []
    x, named_until = 0.0, 0.0
    for span, width in zip(spans, widths, strict=True):
        here = replace(span, x=round(x, 2), width=round(width * shrink, 2))
        if span.attempt is not None and here.middle >= named_until:
            here, named_until = replace(here, is_named=True), here.middle + _ROOM_FOR_A_NAME
        placed.append(here)
        x += width * shrink
    return placed, all(
        width * shrink <= span.length / total * WIDTH + 1 for span, width in zip(spans, widths, strict=True)
    )
