"""What `--json` writes. Names and meanings stay; more may come. Times are ISO 8601 in UTC, lengths are seconds."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.cli.output import Document
from application.jobs.diagnosing import Finding
from application.jobs.looking import (
    AttemptRecord,
    Count,
    DeadGroup,
    Durations,
    JobRecord,
    JobSummary,
    JobView,
    QueueRecord,
    WorkerRecord,
)
from domain.jobs import JobState


def queue_document(queue: QueueRecord) -> Document:
    """Return a queue."""
    return {
        "queue": queue.name,
        "counts": {str(state): int(count) for state, count in queue.counts.items()},
        "estimated": _estimated(queue.counts),
        "paused_at": _time(queue.paused_at),
        "oldest_ready_seconds": _seconds(queue.oldest_ready),
        "workers": queue.workers,
        "places": queue.places,
        "busy": queue.busy,
        "window_seconds": _seconds(queue.window),
        "completed": queue.completed,
        "failed": queue.failed,
        "per_second": queue.throughput,
        "failure_rate": queue.failure_rate,
        "run_seconds": _durations(queue.run),
        "wait_seconds": _durations(queue.wait),
        "until_empty_seconds": _seconds(queue.until_empty),
    }


def summary_document(job: JobSummary) -> Document:
    """Return a job of a list; its payload is text, at most 500 characters of it."""
    return {
        "id": int(job.id),
        "queue": job.queue,
        "type": job.type,
        "state": str(job.state),
        "priority": job.priority,
        "attempt": job.attempt,
        "payload": job.payload,
        "run_at": _time(job.run_at),
        "enqueued_at": _time(job.enqueued_at),
        "started_at": _time(job.started_at),
        "finished_at": _time(job.finished_at),
        "error": job.error,
    }


def job_document(view: JobView) -> Document:
    """Return one job with everything that is known of it."""
    job, waiting = view.job, view.waiting
    return {
        "id": int(job.id),
        "queue": job.queue,
        "type": job.type,
        "state": str(job.state),
        "waiting": None if waiting is None else {"reason": str(waiting.reason), "sentence": waiting.sentence},
        "priority": job.priority,
        "attempt": job.attempt,
        "payload": _payload(job),
        "run_at": _time(job.run_at),
        "enqueued_at": _time(job.enqueued_at),
        "finished_at": _time(job.finished_at),
        "cancel_requested_at": _time(job.cancel_requested_at),
        "queue_paused_at": _time(job.queue_paused_at),
        "trace_id": job.trace_id,
        "attempts": [_attempt(attempt) for attempt in job.attempts],
    }


def worker_document(worker: WorkerRecord) -> Document:
    """Return a pool of a worker."""
    return {
        "id": int(worker.id),
        "name": worker.pool_name,
        "queue": worker.queue,
        "places": worker.size,
        "busy": worker.busy,
        "types": list(worker.types),
        "version": worker.version,
        "host": worker.host,
        "pid": worker.pid,
        "started_at": _time(worker.started_at),
        "last_seen": _time(worker.last_seen),
        "lease_seconds": _seconds(worker.lease),
    }


def dead_document(group: DeadGroup) -> Document:
    """Return dead jobs of a kind."""
    return {
        "type": group.type,
        "error": group.error,
        "count": int(group.count),
        "count_is_estimated": not group.count.exact,
        "first_seen": _time(group.first_seen),
        "last_seen": _time(group.last_seen),
        "example": int(group.example),
    }


def finding_document(finding: Finding) -> Document:
    """Return what was found."""
    return {
        "finding": str(finding.kind),
        "severity": str(finding.severity),
        "about": finding.about,
        "found": finding.found,
        "meaning": finding.meaning,
        "advice": finding.advice,
    }


def _attempt(attempt: AttemptRecord) -> Document:
    return {
        "number": attempt.number,
        "worker": attempt.pool_name,
        "host": attempt.host,
        "version": attempt.version,
        "started_at": _time(attempt.started_at),
        "finished_at": _time(attempt.finished_at),
        "outcome": str(attempt.outcome),
        "error": attempt.error,
        "traceback": attempt.traceback,
    }


def _payload(job: JobRecord) -> Any:
    try:
        return json.loads(job.payload)
    except ValueError:
        return job.payload


def _estimated(counts: Mapping[JobState, Count]) -> list[str]:
    return sorted(str(state) for state, count in counts.items() if not count.exact)


def _durations(value: Durations | None) -> Document | None:
    return None if value is None else {"mean": _seconds(value.mean), "p95": _seconds(value.p95)}


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
