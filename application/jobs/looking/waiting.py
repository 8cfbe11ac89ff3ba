"""Why a job is not running."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from application.jobs.looking.job_record import AttemptOutcome, JobRecord
from application.jobs.looking.worker_record import WorkerRecord
from domain.jobs import JobState


class WaitingReason(StrEnum):
    """What a job waits for."""

    SCHEDULED = "scheduled"
    RETRY = "retry"
    PAUSED = "paused"
    NO_WORKER = "no worker"
    """No pool of its queue is alive."""
    UNKNOWN_TYPE = "unknown type"
    """No living pool of its queue knows its type."""
    BUSY = "busy"
    """All places of the pools that know its type are taken."""
    DUE = "due"
    """Nothing: a worker will take it in a moment."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a job waits for, in a word and in a sentence."""

    reason: WaitingReason
    sentence: str


def waiting_of(job: JobRecord, workers: Sequence[WorkerRecord]) -> Waiting | None:
    """Tell why a job is not running; None where it runs or has finished. `workers` are those of its queue."""
    if job.state is JobState.SCHEDULED and job.run_at > job.seen_at:
        return _for_its_time(job)
    if job.state not in (JobState.READY, JobState.SCHEDULED):
        return None
    return _for_a_worker(job, workers)


def _for_its_time(job: JobRecord) -> Waiting:
    until = f"{job.run_at:%Y-%m-%d %H:%M:%S} UTC"
    failed = job.attempts[-1].outcome if job.attempts and job.attempt else None
    if failed in (AttemptOutcome.FAILED, AttemptOutcome.DIED):
        return Waiting(WaitingReason.RETRY, f"Attempt {job.attempt} failed; the next one follows at {until}.")
    return Waiting(WaitingReason.SCHEDULED, f"It is scheduled for {until}.")


def _for_a_worker(job: JobRecord, workers: Sequence[WorkerRecord]) -> Waiting:
    queue = job.queue or "default"
    if job.queue_paused_at is not None:
        since = f"{job.queue_paused_at:%Y-%m-%d %H:%M:%S} UTC"
        return Waiting(WaitingReason.PAUSED, f"The queue {queue} is paused since {since}.")
    if not workers:
        return Waiting(WaitingReason.NO_WORKER, f"No worker of the queue {queue} is alive.")
    able = [worker for worker in workers if job.type in worker.types]
    if not able:
        sentence = f"None of the {_many(len(workers), 'living worker')} of the queue {queue} knows the type {job.type}."
        return Waiting(WaitingReason.UNKNOWN_TYPE, sentence)
    places, busy = sum(worker.size for worker in able), sum(worker.busy for worker in able)
    if busy >= places:
        sentence = f"{_many(places, 'place')} of {_many(len(able), 'worker')} that know its type: all are taken."
        return Waiting(WaitingReason.BUSY, sentence)
    return Waiting(WaitingReason.DUE, "A worker that knows its type has a free place and takes it in a moment.")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
