"""The state machine with somebody who acts on its jobs and its queue by hand."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.jobs import JobId, JobNotFound, WrongJobState
from tests.faults.model import MAX_ATTEMPTS, ModelJob
from tests.faults.state_machine import QueueMachine, delays

_priorities = st.none() | st.integers(-2, 2)
_moves = st.none() | delays | st.just(-timedelta(hours=1))
_acts = st.sampled_from(["retry", "retry", "cancel", "cancel", "cancel", "delete", "change"])
_pauses = st.sampled_from([False, False, False, False, True])
"""More often work goes on than it is stopped, or there would be little to see."""


class OperatedMachine(QueueMachine):
    """Everything that can happen to jobs."""

    @precondition(lambda self: self.model.jobs)
    @rule(data=st.data(), act=_acts, priority=_priorities, delay=_moves)
    def operate(self, data: st.DataObject, act: str, priority: int | None, delay: timedelta | None) -> None:
        """Do something to one job, whether it can be done or not."""
        operations, model = self.world.operations, self.model
        run_at = None if delay is None else model.now + delay
        match act:
            case "retry":
                self._operate(data, operations.retry, model.revive)
            case "cancel":
                self._operate(data, operations.cancel, model.cancel)
            case "delete":
                self._operate(data, operations.delete, model.delete)
            case _:
                change = partial(operations.change, priority=priority, run_at=run_at)
                self._operate(data, change, lambda job: model.change(job, priority, run_at))

    @rule(data=st.data(), deaths=st.integers(1, MAX_ATTEMPTS), began=st.booleans(), called_off=st.booleans())
    def die(self, data: st.DataObject, deaths: int, *, began: bool, called_off: bool) -> None:
        """Let workers die one after the other, each with jobs that had begun or not, and that are called off or not."""
        for _ in range(deaths):
            self.register()
            self.claim(data, limit=2)
            owned = [attempt for attempt in self.attempts if self.model.owns(attempt[1])]
            for attempt in owned if began else ():
                self.mark_started(attempt)
            for _, claimed in owned[:1] if called_off else ():
                self.do(self.world.operations.cancel(claimed.id))
                assert self.model.cancel(self.model.jobs[claimed.id])
            if self.model.owners():
                self.freeze(data, found=True)

    @rule(paused=_pauses)
    def switch(self, *, paused: bool) -> None:
        """Pause or resume the queue."""
        act = self.world.room.pause if paused else self.world.room.resume
        assert self.do(act("")) == (paused != self.model.paused)
        self.model.paused = paused

    def _operate(
        self,
        data: st.DataObject,
        operation: Callable[[JobId], Coroutine[Any, Any, object]],
        expected: Callable[[ModelJob], bool],
    ) -> None:
        running = [job.id for job in self.model.jobs.values() if job.state == "running"]
        job_id = JobId(data.draw(st.sampled_from(running + running + self.numbers), label="job"))
        job = self.model.jobs.get(job_id)
        try:
            self.do(operation(job_id))
        except JobNotFound:
            assert job is None
        except WrongJobState:
            assert job is not None
            assert not expected(job)
        else:
            assert job is not None
            assert expected(job)
