"""The state machine with somebody who acts on its jobs and its queue by hand."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.jobs import JobId, JobNotFound, WrongJobState
from tests.faults.model import ModelJob
from tests.faults.state_machine import QueueMachine, delays

_priorities = st.none() | st.integers(-2, 2)
_moves = st.none() | delays | st.just(-timedelta(hours=1))
_pauses = st.sampled_from([False, False, True])
"""More often work goes on than it is stopped, or there would be little to see."""


class OperatedMachine(QueueMachine):
    """Everything that can happen to jobs."""

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """Revive or hasten."""
        self._operate(data, self.world.operations.retry, self.model.revive)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Call off."""
        self._operate(data, self.world.operations.cancel, self.model.cancel)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Remove, unless it runs."""
        self._operate(data, self.world.operations.delete, self.model.delete)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), priority=_priorities, delay=_moves)
    def change(self, data: st.DataObject, priority: int | None, delay: timedelta | None) -> None:
        """Give another place in the line, or another time."""
        run_at = None if delay is None else self.model.now + delay
        operation = partial(self.world.operations.change, priority=priority, run_at=run_at)
        self._operate(data, operation, lambda job: self.model.change(job, priority, run_at))

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
        job_id = JobId(data.draw(st.sampled_from(self.numbers), label="job"))
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
