"""Proves from the ledgers and the tables that nothing was lost and nothing happened twice.

It knows nothing of how the queue works: only what producers were told, what job funcs saw, and what is committed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.faults.history import History, Outcome
from tests.faults.tables import StoredJob, Tables


@dataclass(frozen=True)
class Evidence:
    """Everything there is to judge by."""

    history: History
    tables: Tables
    max_attempts: int
    pruned: int = 0
    """How many completed and cancelled jobs were pruned."""
    frozen: frozenset[int] = frozenset()
    """Processes that were stopped for a while: they may begin what others have completed, and must not commit it."""
    settled: bool = True
    """Whether all work is done, so that nothing may wait or run any more."""

    def told(self, outcome: Outcome) -> set[str]:
        """Return the names of the jobs whose producers were told so."""
        return {event.name for event in self.history.enqueued if event.outcome is outcome}

    @property
    def deleted(self) -> set[str]:
        """Return the names of the jobs that were deleted."""
        return {event.name for event in self.history.deleted}

    @property
    def called_off(self) -> set[str]:
        """Return the names of the jobs that were cancelled by hand."""
        return {event.name for event in self.history.called_off}


def violations(evidence: Evidence) -> list[str]:
    """Return everything that must not be, each in a sentence."""
    return [violation for rule in _RULES for violation in rule(evidence)]


def _no_committed_job_is_lost(evidence: Evidence) -> Iterator[str]:
    missing = evidence.told(Outcome.COMMITTED) - {job.name for job in evidence.tables.jobs} - evidence.deleted
    began = {event.name for event in evidence.history.began}
    for name in sorted(missing - began - evidence.called_off):
        yield f"{name} was committed, never began, and is gone"
    ended = missing & (began | evidence.called_off)
    if len(ended) != evidence.pruned:
        yield f"{len(ended)} jobs that began or were called off are gone, and {evidence.pruned} were pruned: {ended}"


def _no_rolled_back_job_exists_or_runs(evidence: Evidence) -> Iterator[str]:
    rolled_back = evidence.told(Outcome.ROLLED_BACK)
    for name in sorted(rolled_back & {job.name for job in evidence.tables.jobs}):
        yield f"{name} was rolled back and is stored"
    for name in sorted(rolled_back & {event.name for event in evidence.history.began}):
        yield f"{name} was rolled back and began"


def _a_deleted_job_is_gone_and_never_begins_again(evidence: Evidence) -> Iterator[str]:
    for name in sorted(evidence.deleted & {job.name for job in evidence.tables.jobs}):
        yield f"{name} was deleted and is stored"
    for name in sorted(evidence.deleted & evidence.told(Outcome.ROLLED_BACK)):
        yield f"{name} was rolled back and could be deleted"
    for name, number in Counter(event.name for event in evidence.history.deleted).items():
        if number > 1:
            yield f"{name} was deleted {number} times"
    gone_at = {event.name: event.at for event in evidence.history.deleted}
    for event in evidence.history.began:
        if event.at > gone_at.get(event.name, event.at) and event.worker not in evidence.frozen:
            yield f"{event.name} was deleted and began attempt {event.attempt}"


def _jobs_end_without_completion_only_for_a_reason(evidence: Evidence) -> Iterator[str]:
    for job in evidence.tables.jobs:
        if job.state == "dead" and job.attempt < evidence.max_attempts:
            yield f"{job.name} is dead after attempt {job.attempt} of {evidence.max_attempts}"
        if job.state == "cancelled" and job.name not in evidence.called_off:
            yield f"{job.name} is cancelled, and nobody called it off"


def _every_job_was_enqueued_once(evidence: Evidence) -> Iterator[str]:
    for name, number in Counter(job.name for job in evidence.tables.jobs).items():
        if number > 1:
            yield f"{name} is stored {number} times"
    follow_ups = {job.follow_up for job in evidence.tables.jobs}
    known = {event.name for event in evidence.history.enqueued} | follow_ups
    for job in evidence.tables.jobs:
        if job.name not in known:
            yield f"{job.name} is stored, and nobody enqueued it"


def _follow_ups_exist_if_and_only_if_their_job_completed(evidence: Evidence) -> Iterator[str]:
    names = {job.name for job in evidence.tables.jobs}
    for job in evidence.tables.jobs:
        if job.follow_up is None or job.follow_up in evidence.deleted:
            continue
        if (job.follow_up in names) != (job.state == "completed"):
            yield f"{job.name} is {job.state}, but its follow-up {'exists' if job.follow_up in names else 'is missing'}"


def _effects_are_there_once_for_completed_jobs_and_never_for_others(evidence: Evidence) -> Iterator[str]:
    effects = Counter(effect.name for effect in evidence.tables.effects)
    jobs = {job.name: job for job in evidence.tables.jobs}
    for job in jobs.values():
        expected = int(job.writes and job.state == "completed")
        if effects[job.name] != expected:
            yield f"{job.name} is {job.state} and has {effects[job.name]} effects instead of {expected}"
    gone = evidence.told(Outcome.COMMITTED) - jobs.keys()
    for name, number in effects.items():
        if name not in jobs and not (name in gone and number == 1):
            yield f"{name} has {number} effects and is not stored"


def _the_effect_is_that_of_the_attempt_which_completed(evidence: Evidence) -> Iterator[str]:
    attempts = {job.name: job.attempt for job in evidence.tables.jobs if job.state == "completed"}
    for effect in evidence.tables.effects:
        if attempts.get(effect.name, effect.attempt) != effect.attempt:
            yield f"{effect.name} was completed by attempt {attempts[effect.name]}, its effect is of {effect.attempt}"


def _whoever_committed_had_begun_and_returned(evidence: Evidence) -> Iterator[str]:
    returned = {(event.name, event.attempt) for event in evidence.history.ended if event.how == "returned"}
    for job in evidence.tables.jobs:
        if job.state == "completed" and (job.name, job.attempt) not in returned:
            yield f"{job.name} is completed by attempt {job.attempt}, which never returned"


def _attempts_stay_within_their_bound(evidence: Evidence) -> Iterator[str]:
    most = evidence.max_attempts
    for event in evidence.history.began:
        if not 1 <= event.attempt <= most:
            yield f"{event.name} began attempt {event.attempt} of {most}"
    for job in evidence.tables.jobs:
        if not 0 <= job.attempt <= most:
            yield f"{job.name} is stored with attempt {job.attempt} of {most}"
    for name, number in Counter(attempt.name for attempt in evidence.tables.attempts).items():
        if number > most:
            yield f"{name} has {number} attempts in its history of {most}"


def _every_attempt_has_one_end(evidence: Evidence) -> Iterator[str]:
    recorded = Counter((attempt.name, attempt.attempt) for attempt in evidence.tables.attempts)
    recorded.update((job.name, job.attempt) for job in evidence.tables.jobs if job.state == "completed")
    for (name, attempt), number in recorded.items():
        if number > 1:
            yield f"attempt {attempt} of {name} ended {number} times"


def _nothing_begins_early(evidence: Evidence) -> Iterator[str]:
    run_at = {event.name: event.run_at for event in evidence.history.enqueued}
    for event in evidence.history.began:
        early = run_at.get(event.name, 0.0) - event.at
        if early > 0:
            yield f"{event.name} began {early:.3f} s early"


def _nothing_begins_after_its_end(evidence: Evidence) -> Iterator[str]:
    last = {job.name: job.attempt for job in evidence.tables.jobs if job.state in ("completed", "dead")}
    for event in evidence.history.began:
        if event.attempt > last.get(event.name, event.attempt) and event.worker not in evidence.frozen:
            yield f"{event.name} ended with attempt {last[event.name]} and began attempt {event.attempt}"


def _at_most_one_attempt_at_a_time_can_commit(evidence: Evidence) -> Iterator[str]:
    """Between its write and its return an attempt holds the job; only one that was frozen is found to overlap."""
    returned: dict[tuple[str, int, int], list[float]] = {}
    for end in evidence.history.ended:
        if end.how == "returned":
            returned.setdefault((end.name, end.attempt, end.worker), []).append(end.at)
    held: dict[str, list[tuple[float, float]]] = {}
    for event in evidence.history.wrote:
        ends = returned.get((event.name, event.attempt, event.worker), [])
        until = min((at for at in ends if at >= event.at), default=None)  # an attempt that is handed back comes again
        if until is not None and event.worker not in evidence.frozen:
            held.setdefault(event.name, []).append((event.at, until))
    for name, spans in held.items():
        spans.sort()
        for (_, until), (since, _) in pairwise(spans):
            if since < until:
                yield f"two attempts of {name} held it at the same time"


def _all_work_is_done(evidence: Evidence) -> Iterator[str]:
    waiting = [job for job in evidence.tables.jobs if job.state not in ("completed", "dead", "cancelled")]
    if evidence.settled and waiting:
        yield f"{len(waiting)} jobs are not done: {[_named(job) for job in waiting[:5]]}"


def _named(job: StoredJob) -> str:
    return f"{job.name} {job.state} attempt {job.attempt}"


_RULES = (
    _no_committed_job_is_lost,
    _no_rolled_back_job_exists_or_runs,
    _a_deleted_job_is_gone_and_never_begins_again,
    _jobs_end_without_completion_only_for_a_reason,
    _every_job_was_enqueued_once,
    _follow_ups_exist_if_and_only_if_their_job_completed,
    _effects_are_there_once_for_completed_jobs_and_never_for_others,
    _the_effect_is_that_of_the_attempt_which_completed,
    _whoever_committed_had_begun_and_returned,
    _attempts_stay_within_their_bound,
    _every_attempt_has_one_end,
    _nothing_begins_early,
    _nothing_begins_after_its_end,
    _at_most_one_attempt_at_a_time_can_commit,
    _all_work_is_done,
)
