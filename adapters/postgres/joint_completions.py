"""Completions of several queues, written together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from weakref import WeakValueDictionary

from adapters.postgres.driver import REFUSALS, Pool
from adapters.postgres.schema import Schema
from application.jobs.job_store import ClaimedJob, EndedAttempt

Complete = Callable[[Sequence[EndedAttempt]], Awaitable[list[ClaimedJob]]]
"""Completes all in one statement; returns those that were lost."""


class _Call(NamedTuple):
    ended: Sequence[EndedAttempt]
    lost: asyncio.Future[list[ClaimedJob]]


class JointCompletions:
    """What comes while a statement is under way goes with the next one.

    A process that serves many queues has little to complete in each of them at a time.
    """

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._waiting: list[_Call] = []
        self._writing: asyncio.Task[None] | None = None

    async def complete(self, ended: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        """Complete as `Settlements.complete` promises. A call that is cancelled may be written all the same."""
        call = _Call(ended, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="arrower: writing completions")
        return await call.lost

    async def _write(self) -> None:
        try:
            while self._waiting:
                calls, self._waiting = self._waiting, []
                await self._write_together(calls)
        finally:
            self._writing = None

    async def _write_together(self, calls: Sequence[_Call]) -> None:
        try:
            lost = set(await self._complete([attempt for call in calls for attempt in call.ended]))
        except REFUSALS as error:
            if len(calls) == 1:
                _fail(calls, error)
                return
            for call in calls:  # it is one of them that is refused
                await self._write_together([call])
        except BaseException as error:
            _fail(calls, error)
            if not isinstance(error, Exception):
                raise
        else:
            for call in calls:
                if not call.lost.done():
                    call.lost.set_result([attempt.job for attempt in call.ended if attempt.job in lost] if lost else [])


def _fail(calls: Sequence[_Call], error: BaseException) -> None:
    for call in calls:
        if not call.lost.done():
            call.lost.set_exception(error)


_joint: WeakValueDictionary[tuple[Pool, Schema], JointCompletions] = WeakValueDictionary()


def joint_completions(pool: Pool, schema: Schema, complete: Complete) -> JointCompletions:
    """Return what the queues on this pool and schema share; `complete` is used where it is the first."""
    joint = _joint.get((pool, schema))
    if joint is None:
        _joint[pool, schema] = joint = JointCompletions(complete)
    return joint
