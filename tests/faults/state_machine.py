"""Drives a store and the model side by side, and compares them at every step."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from application.jobs.job_store import ClaimedJob
from domain.jobs import AttemptLost, JobId, JobNotFound
from tests.faults.model import LEASE, MAX_ATTEMPTS, Model
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud

MOST_WORKERS = 3
ResultT = TypeVar("ResultT")

delays = st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1)])
_A_SECOND, _HALF_A_MINUTE = timedelta(seconds=1), timedelta(seconds=25)
steps = st.sampled_from(
    [*[_A_SECOND] * 3, *[_HALF_A_MINUTE] * 3, timedelta(hours=1), LEASE + _A_SECOND, timedelta(hours=25)]
)
Attempt = tuple[HandWorker, ClaimedJob]
_A_WHILE = timedelta(seconds=30)
_ends = st.sampled_from(
    [
        *("complete", "commit", "fail", "fail_for_a_while", "bury", "snooze", "snooze_for_a_while", "release"),
        *("mark_started", "mark_started", "end_called_off"),
    ]
)


class QueueMachine(RuleBasedStateMachine):
    """Everything that producers and workers do, in any order; what returns is compared, and so is what is stored."""

    def __init__(self, opened: AbstractAsyncContextManager[World], seen: Counter[str]) -> None:
        super().__init__()
        _keep_every_rule(self)
        self.runner = asyncio.Runner()
        self.opened = opened
        self.world = self.do(opened.__aenter__())
        self.queue = self.world.queue()
        self.model = Model(self.world.clock.now(), seen)
        self.workers: list[HandWorker] = []
        self.numbers: list[int] = []
        self.attempts: list[Attempt] = []
        self.register()
        self.enqueue(priority=0, delay=timedelta(0), number=3)

    def do(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run to the end."""
        return self.runner.run(work)

    @precondition(lambda self: len([w for w in self.model.workers.values() if w.alive]) < MOST_WORKERS)
    @rule()
    def register(self) -> None:
        """Let another worker come."""
        name = f"worker-{len(self.workers)}"
        self.workers.append(self.do(self.world.worker({"fraud.check": MAX_ATTEMPTS}, pool_name=name, lease=LEASE)))
        self.model.register(len(self.workers) - 1)

    @rule(priority=st.integers(-1, 1), delay=delays, number=st.integers(1, 3))
    def enqueue(self, priority: int, delay: timedelta, number: int) -> None:
        """Enqueue some."""
        run_at = self.model.now + delay
        jobs = [CheckFraud(f"A-{n}") for n in range(number)]
        ids = self.do(self.queue.enqueue(jobs, run_at=run_at if delay else None, priority=priority))
        for job_id in ids:
            self.model.enqueue(job_id, priority, run_at)
            self.numbers.append(job_id)

    @rule(step=steps, noticed=st.booleans())
    def advance(self, step: timedelta, *, noticed: bool) -> None:
        """Let time go by."""
        self.world.clock.advance(step)
        self.model.now += step
        if noticed:
            self.promote()
            self.maintain()

    @rule()
    def promote(self) -> None:
        """Make ready what is due."""
        assert self.do(self.workers[-1].store.promote()).next_due == self.model.promote()

    @precondition(lambda self: self.model.awake())
    @rule(data=st.data(), limit=st.integers(1, 4))
    def claim(self, data: st.DataObject, limit: int) -> None:
        """Let a worker claim, also one that is dead or has left."""
        number = self._claimant(data)
        worker = self.workers[number]
        _look_from_the_start(worker)
        claimed = self.do(worker.claim(limit))
        expected = self.model.claim(number, limit)
        assert [(job.id, job.attempt, job.rescues) for job in claimed] == [
            (job.id, job.attempt, job.rescues) for job in expected
        ]
        for job, known in zip(claimed, expected, strict=True):
            assert job.fence not in known.fences
            known.fences.append(job.fence)
        self.attempts.extend((worker, job) for job in claimed)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), ends=st.lists(_ends, min_size=1, max_size=3))
    def end(self, data: st.DataObject, ends: list[str]) -> None:
        """Let attempts end, one way or the other: such as own their job, such as did once, or any that ever did."""
        for how in ends:
            owning = [attempt for attempt in self.attempts if self.model.owns(attempt[1])]
            chosen = data.draw(st.sampled_from(owning * 6 + self.attempts[-6:] + self.attempts[:2]), label="attempt")
            getattr(self, how)(chosen)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), limit=st.integers(2, 4), ends=st.lists(_ends, min_size=2, max_size=4))
    def work(self, data: st.DataObject, limit: int, ends: list[str]) -> None:
        """Claim, and let attempts end: what happens most in life, and otherwise would be rare among all the rules."""
        if self.model.awake():
            self.claim(data, limit)
        self.end(data, ends)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), limit=st.integers(2, 4), ends=st.lists(_ends, min_size=2, max_size=4))
    def go_on_working(self, data: st.DataObject, limit: int, ends: list[str]) -> None:
        """The same, so that it comes twice as often."""
        self.work(data, limit, ends)

    def complete(self, claim: Attempt) -> None:
        """End well."""
        worker, claimed = claim
        job, before = self.model.owned(claimed), self.model.was_completed_by(claimed)
        assert self.do(worker.complete(claimed)) == (job is not None or before)
        if job is not None:
            self.model.end(job, "completed")

    def commit(self, claim: Attempt) -> None:
        """End well, with an effect."""
        worker, claimed = claim
        job, note = self.model.owned(claimed), f"{claimed.id}/{claimed.fence}"
        try:
            self.do(worker.commit(claimed, note))
        except AttemptLost:
            assert job is None
            return
        assert job is not None
        self.model.end(job, "completed")
        self.model.effects.append(note)

    def fail(self, claim: Attempt, delay: timedelta = timedelta(0)) -> None:
        """Fail, to be tried again."""
        worker, claimed = claim
        job = self.model.owned(claimed)
        assert self.do(worker.retry(claimed, delay)) == (job is not None)
        if job is not None:
            self.model.fail(job, delay)

    def bury(self, claim: Attempt) -> None:
        """Fail for good."""
        worker, claimed = claim
        job = self.model.owned(claimed)
        assert self.do(worker.bury(claimed)) == (job is not None)
        if job is not None:
            job.history.append((job.attempt, "failed"))
            self.model.end(job, "dead")

    def snooze(self, claim: Attempt, delay: timedelta = timedelta(0)) -> None:
        """Put off."""
        worker, claimed = claim
        job = self.model.owned(claimed)
        assert self.do(worker.snooze(claimed, delay)) == (job is not None)
        if job is not None:
            self.model.snooze(job, delay)

    def fail_for_a_while(self, claim: Attempt) -> None:
        """Fail, to be tried again later."""
        self.fail(claim, _A_WHILE)

    def snooze_for_a_while(self, claim: Attempt) -> None:
        """Put off until later."""
        self.snooze(claim, _A_WHILE)

    def release(self, claim: Attempt) -> None:
        """Hand back."""
        worker, claimed = claim
        self.do(worker.release(claimed))
        job = self.model.owned(claimed)
        if job is not None:
            self.model.release(job)

    def mark_started(self, claim: Attempt) -> None:
        """Note that it runs."""
        worker, claimed = claim
        job = self.model.owned(claimed)
        assert self.do(worker.store.mark_started(claimed)) == (job is not None)
        if job is not None:
            job.started = True

    def end_called_off(self, claim: Attempt) -> None:
        """Let a worker obey who called the job off."""
        worker, claimed = claim
        job = self.model.owned(claimed)
        assert self.do(worker.store.cancel(worker.ended(claimed))) == (job is not None)
        if job is not None:
            job.history.append((job.attempt, "cancelled"))
            self.model.end(job, "cancelled")

    @precondition(lambda self: self.model.awake())
    @rule(data=st.data())
    def beat(self, data: st.DataObject) -> None:
        """Say that a worker lives."""
        number = self._any_worker(data)
        worker = self.model.workers[number]
        assert self.do(self.workers[number].store.heartbeat(self.workers[number].id)) == worker.alive
        if worker.alive:
            worker.last_seen = self.model.now

    @rule()
    def maintain(self) -> None:
        """Rescue the jobs of those not heard of for longer than their lease, and prune."""
        self.do(self.world.maintain())
        self.model.maintain()
        _prune_again(self.world)

    @precondition(lambda self: self.model.owners())
    @rule(data=st.data(), found=st.booleans())
    def freeze(self, data: st.DataObject, *, found: bool) -> None:
        """Let a worker with jobs be silent, until somebody takes it for dead, at once or later."""
        number = data.draw(st.sampled_from(self.model.owners()), label="worker")
        self.do(self.world.freeze(f"worker-{number}"))
        self.model.freeze(number)
        if found:
            self.maintain()

    @precondition(lambda self: self.model.awake())
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Let a worker go in order."""
        number = self._any_worker(data)
        if self.model.workers[number].alive:
            self.do(self.workers[number].store.deregister(self.workers[number].id))
            self.model.leave(number)

    @invariant()
    def counts_agree(self) -> None:
        """As many jobs in each state as in the model."""
        assert self.do(self.world.counts()) == Counter(job.state for job in self.model.jobs.values())

    def teardown(self) -> None:
        """Compare every job and every effect, and close everything."""
        try:
            for number in self.numbers:
                self._compare(JobId(number))
            assert self.do(self.world.effects()) == sorted(self.model.effects)
        finally:
            self.do(self.opened.__aexit__(None, None, None))
            self.runner.close()

    def _compare(self, job_id: JobId) -> None:
        try:
            job = self.do(self.world.job(job_id))
        except JobNotFound:
            assert job_id not in self.model.jobs
            return
        expected = self.model.jobs[job_id]
        history = list(expected.history)
        if expected.state in ("running", "completed"):
            history.append((expected.attempt, expected.state))
        assert (job.state, job.run_at, job.priority) == (expected.state, expected.run_at, expected.priority)
        assert Counter((a.number, a.outcome.value) for a in job.attempts) == Counter(history)
        assert job.finished_at == (expected.finished_at if expected.state not in _UNFINISHED else None)

    def _claimant(self, data: st.DataObject) -> int:
        """Choose a worker that lives, or else one that must get nothing."""
        awake = self.model.awake()
        alive = [number for number in awake if self.model.workers[number].alive]
        return data.draw(st.sampled_from(alive * 6 + awake[-6:]), label="worker")

    def _any_worker(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.model.awake()), label="worker")


_UNFINISHED = ("scheduled", "ready", "running")


class _EveryRule:
    def is_enabled(self, _name: str) -> bool:
        return True


def _keep_every_rule(machine: Any) -> None:
    # Hypothesis leaves out rules, most of them in most histories: without enqueue or claim nothing happens in one.
    machine._rules_strategy.enabled_rules_strategy = st.just(_EveryRule())


def _look_from_the_start(worker: HandWorker) -> None:
    # After a slow look a Postgres store resumes for a moment: whether it does depends on the real clock.
    store: Any = worker.store
    if hasattr(store, "_claims"):
        store._claims.resumption._next_from_start = time.monotonic()


def _prune_again(world: World) -> None:
    # A Postgres store prunes once a minute, by the real clock.
    caretaker: Any = world._caretaker
    if caretaker is not None and hasattr(caretaker.store, "_pruning"):
        caretaker.store._pruning._next = 0.0
