"""Why a job is not running."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from application.jobs.job_store import WorkerId
from application.jobs.looking import AttemptOutcome, AttemptRecord, JobRecord, WaitingReason, WorkerRecord
from application.jobs.looking.waiting import waiting_of
from domain.jobs import JobId, JobState

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
FAILED = AttemptRecord(
    number=1,
    pool_name="mailroom",
    host="cellar",
    version="1",
    worker=WorkerId(1),
    started_at=NOW,
    finished_at=NOW,
    outcome=AttemptOutcome.FAILED,
    error="ValueError: no paper",
    traceback=None,
)
JOB = JobRecord(
    id=JobId(1),
    queue="",
    type="receipt",
    payload="{}",
    state=JobState.READY,
    priority=0,
    run_at=NOW,
    attempt=0,
    enqueued_at=NOW,
    finished_at=None,
    carrier=None,
    cancel_requested_at=None,
    queue_paused_at=None,
    attempts=(),
    seen_at=NOW,
)
WORKER = WorkerRecord(
    id=WorkerId(1),
    pool_name="mailroom",
    queue="",
    size=2,
    owned=1,
    types=("receipt",),
    version="1",
    host="cellar",
    pid=7,
    started_at=NOW,
    last_seen=NOW,
    lease=timedelta(seconds=30),
)
BUSY = replace(WORKER, owned=5)
STRANGER = replace(WORKER, types=("report",))
SCHEDULED = replace(JOB, state=JobState.SCHEDULED, run_at=LATER)


@pytest.mark.parametrize(
    ("job", "workers", "reason", "words"),
    [
        (SCHEDULED, [WORKER], WaitingReason.SCHEDULED, "scheduled for 2026-06-01 12:05:00 UTC"),
        (replace(SCHEDULED, attempt=1, attempts=(FAILED,)), [WORKER], WaitingReason.RETRY, "Attempt 1 failed"),
        (replace(SCHEDULED, attempts=(FAILED,)), [WORKER], WaitingReason.SCHEDULED, "scheduled for"),
        (replace(JOB, queue_paused_at=NOW), [WORKER], WaitingReason.PAUSED, "queue default is paused since"),
        (JOB, [], WaitingReason.NO_WORKER, "No worker of the queue default"),
        (JOB, [STRANGER], WaitingReason.UNKNOWN_TYPE, "None of the 1 living worker of the queue default knows"),
        (JOB, [BUSY, STRANGER], WaitingReason.BUSY, "2 places of 1 worker"),
        (JOB, [BUSY, WORKER], WaitingReason.DUE, "in a moment"),
        (replace(JOB, state=JobState.SCHEDULED), [WORKER], WaitingReason.DUE, "in a moment"),
        (replace(JOB, state=JobState.SCHEDULED), [], WaitingReason.NO_WORKER, "No worker"),
    ],
)
def test_each_reason_has_a_sentence(
    job: JobRecord,
    workers: list[WorkerRecord],
    reason: WaitingReason,
    words: str,
) -> None:
    """The first that applies is told."""
    waiting = waiting_of(job, workers)

    assert waiting is not None
    assert waiting.reason is reason
    assert words in waiting.sentence


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED])
def test_what_runs_or_has_finished_waits_for_nothing(state: JobState) -> None:
    """There is nothing to explain."""
    assert waiting_of(replace(JOB, state=state), []) is None


@pytest.mark.parametrize(
    ("carrier", "trace_id"),
    [
        (
            '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}',
            "0af7651916cd43dd8448eb211c80319c",
        ),
        (None, None),
        ("{}", None),
        ("[]", None),
        ("7", None),
        ("nonsense", None),
        ('{"traceparent":7}', None),
        ('{"traceparent":"<script>"}', None),
    ],
)
def test_the_trace_is_read_from_what_was_carried(carrier: str | None, trace_id: str | None) -> None:
    """Whatever is in there."""
    assert replace(JOB, carrier=carrier).trace_id == trace_id
