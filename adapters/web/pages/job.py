"""One job with its history."""

from datetime import timedelta
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.web.addresses import whole
from adapters.web.charts.timeline import timeline
from adapters.web.masking import Masking, Piece, Tone
from adapters.web.site import Site
from application.jobs.looking import AttemptOutcome, AttemptRecord, JobRecord
from domain.jobs import InvalidRequest, JobId, JobState

_MOST_ATTEMPTS = 50
_LONGEST_PAYLOAD = 100_000
_ALLOWED = {
    JobState.SCHEDULED: {"retry", "cancel", "delete", "change"},
    JobState.READY: {"cancel", "delete", "change"},
    JobState.RUNNING: {"cancel"},
    JobState.COMPLETED: {"delete"},
    JobState.DEAD: {"retry", "delete"},
    JobState.CANCELLED: {"retry", "delete"},
}


class ShownAttempt(NamedTuple):
    """An attempt, and how long it took, up to now where it still runs."""

    place: int
    """Its place among all attempts: numbers begin anew when a job is retried by hand."""
    record: AttemptRecord
    ran: timedelta
    is_latest_failure: bool


class ShownPayload(NamedTuple):
    """A payload without what is masked."""

    pieces: list[Piece]
    shown: int
    length: int

    @property
    def is_cut(self) -> bool:
        """Whether it is longer than what is shown."""
        return self.shown < self.length

    @property
    def is_masked(self) -> bool:
        """Whether something is hidden."""
        return any(piece.tone is Tone.MASKED for piece in self.pieces)


async def job(site: Site, request: Request) -> dict[str, Any]:
    """Show the job of the address. Raises `JobNotFound`."""
    view = await site.reader.job(job_id_of(request))
    shown = view.job.attempts[-_MOST_ATTEMPTS:]
    line = timeline(view.job)
    return {
        "now": view.job.seen_at,
        "job": view.job,
        "waiting": view.waiting,
        "line": line,
        "shown_kinds": {span.outcome for span in line.spans},
        "attempts": _attempts(view.job)[:_MOST_ATTEMPTS],
        "more_attempts": len(view.job.attempts) - len(shown),
        "payload": shown_payload(site.masking, view.job.payload),
        "allowed": _ALLOWED[view.job.state],
    }


def job_id_of(request: Request) -> JobId:
    """Return the id in the address. There is no page for what cannot be one."""
    text = str(request.path_params["job_id"])
    try:
        return JobId(whole(text))
    except InvalidRequest:
        raise HTTPException(404, f"{text!r:.100} is not the number of a job.") from None


def shown_payload(masking: Masking, payload: str) -> ShownPayload:
    """Lay a payload out, or its beginning where it is very long."""
    shown = payload[:_LONGEST_PAYLOAD]
    return ShownPayload(list(masking.lines(shown)), len(shown), len(payload))


def _attempts(job: JobRecord) -> list[ShownAttempt]:
    failures = [place for place, attempt in enumerate(job.attempts, 1) if attempt.outcome is AttemptOutcome.FAILED]
    return [
        ShownAttempt(
            place,
            attempt,
            (attempt.finished_at or job.seen_at) - attempt.started_at,
            place == max(failures, default=0),
        )
        for place, attempt in reversed(list(enumerate(job.attempts, 1)))
    ]
