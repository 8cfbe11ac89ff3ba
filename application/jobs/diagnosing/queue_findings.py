"""Whether somebody works the queues."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from application.jobs.diagnosing.finding import Finding, FindingKind, Severity
from application.jobs.diagnosing.lengths import about, many, queue_name
from application.jobs.looking import QueueRecord, WorkerRecord
from domain.jobs import JobState

_A_DEPLOYMENT = timedelta(minutes=15)


def queue_findings(queue: QueueRecord) -> Iterator[Finding]:
    """Yield what keeps the jobs of a queue from running."""
    name, ready, dead = queue_name(queue.name), queue.counts[JobState.READY], queue.counts[JobState.DEAD]
    wait = "" if queue.oldest_ready is None else f", the oldest for {about(queue.oldest_ready)}"
    if queue.paused_at is not None and ready:
        yield Finding(
            FindingKind.PAUSED_QUEUE,
            Severity.WARNING,
            queue.name,
            f"{name} is paused, and {many(ready, 'job')} wait{'s' if ready == 1 else ''} in it{wait}.",
            "Somebody paused it by hand; nobody takes jobs from it.",
            f"Resume it when the reason is gone: `arrower resume {queue.name or 'default'}`.",
        )
    elif ready and not queue.workers:
        yield Finding(
            FindingKind.NO_WORKER,
            Severity.ERROR,
            queue.name,
            f"{name} has no living worker, and {many(ready, 'job')} wait{'s' if ready == 1 else ''} in it{wait}.",
            "They stay there until a worker of this queue starts.",
            "Start one, or look into the log of the one that should run.",
        )
    if dead:
        yield Finding(
            FindingKind.DEAD_JOBS,
            Severity.NOTICE,
            queue.name,
            f"{name} has {many(dead, 'dead job')}.",
            "Their attempts are used up; they wait for a decision.",
            "See what they died of with `arrower dead`; then `arrower retry` or `arrower delete` them.",
        )


def unknown_type(queue: str, job_type: str, waiting: str) -> Finding:
    """Return that nobody alive knows a type of which so many jobs wait."""
    return Finding(
        FindingKind.UNKNOWN_TYPE,
        Severity.ERROR,
        queue,
        f"{queue_name(queue)}: no living worker knows the type {job_type}; {waiting} of it cannot start.",
        "They stay ready, and no attempt is counted, until a worker registers a job func for the type.",
        "Deploy the worker that knows it. Was the class renamed? Then give it its old name in former_job_types.",
    )


def version_findings(workers: Sequence[WorkerRecord]) -> Iterator[Finding]:
    """Yield where workers of different versions share a queue."""
    for queue in sorted({worker.queue for worker in workers}):
        crew = [worker for worker in workers if worker.queue == queue]
        versions = sorted({worker.version for worker in crew})
        if len(versions) > 1:
            yield _mixed(queue, versions, crew)


def _mixed(queue: str, versions: Sequence[str], crew: Sequence[WorkerRecord]) -> Finding:
    newest, now = max(worker.started_at for worker in crew), max(worker.last_seen for worker in crew)
    return Finding(
        FindingKind.MIXED_VERSIONS,
        Severity.NOTICE if _is_deploying(newest, now) else Severity.WARNING,
        queue,
        f"{queue_name(queue)} is worked by different versions: {', '.join(versions)}.",
        "That is so for a while during a deployment; the newest worker started "
        f"{about(max(now - newest, timedelta(0)))} ago.",
        "Look for workers that were left running; `arrower workers` tells their hosts.",
    )


def _is_deploying(newest: datetime, now: datetime) -> bool:
    return now - newest < _A_DEPLOYMENT
