"""The attempts that run in a pool, and the tasks they run in."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable, Coroutine, Generator, Iterator
from functools import partial
from typing import Any

from application.jobs.attempt import Attempt
from application.jobs.buffer import is_suspect
from application.jobs.prefetch import Prefetch

_TURN = 0.0005
"""Seconds for which a task runs attempts that wait for nothing, before others of its event loop have their turn."""

_Run = Callable[[Attempt], Coroutine[Any, Any, None]]

logger = logging.getLogger("arrower.worker")


class RunningAttempts:
    """Runs up to `size` attempts at a time, each in a context of its own, and the next where one ends.

    A task costs more than most of what a short job func does, so an attempt that never waited leaves its task
    to the next one. Where it waited, somebody may have seen the task, and cancel it later: so it has one of its own.
    And only where it waits is there a need for a task beside it.
    """

    def __init__(
        self,
        size: int,
        run: _Run,
        following: Callable[[], Attempt | None],
        turn_over: Callable[[], None],
        *,
        prefetch: Prefetch,
        context: contextvars.Context,
    ) -> None:
        """Run in copies of `context`. `following` returns what starts next; `turn_over` hears of places left free."""
        self._size = size
        self._run = run
        self._following = following
        self._turn_over = turn_over
        self._prefetch = prefetch
        self._context = context
        self._running: set[Attempt] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._none_running = asyncio.Event()
        self._none_running.set()
        self._leader: asyncio.Task[None] | None = None
        """The task that was started last, until it waits or ends."""
        self.suspect: Attempt | None = None
        """The one that may be about to kill the process."""

    def __len__(self) -> int:
        return len(self._running)

    def __iter__(self) -> Iterator[Attempt]:
        """Yield what runs, and what begins as soon as the one before has committed."""
        for attempt in tuple(self._running):
            yield attempt
            if attempt.successor is not None:
                yield attempt.successor

    async def all_ended(self) -> None:
        """Wait until nothing runs."""
        await self._none_running.wait()

    def give_up(self) -> None:
        """Cancel whatever still runs, also where it only records its end: the lease ends it then."""
        for task in tuple(self._tasks):
            task.cancel()

    def fill(self) -> None:
        """Start attempts as long as there is a free place, and one to start."""
        if self._leader is None and len(self._running) < self._size and (attempt := self._following()) is not None:
            self._leader = self.start(attempt)

    def start(self, attempt: Attempt) -> asyncio.Task[None]:
        """Start this one. It can be revoked from now on."""
        if not self._running:
            self._prefetch.jobs_started(time.monotonic())
            self._none_running.clear()
        self._enter(attempt)
        task = asyncio.get_running_loop().create_task(self._take_turn(attempt), context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _take_turn(self, first: Attempt) -> None:
        task = asyncio.current_task()
        attempt: Attempt | None = first
        ends_at = time.monotonic() + _TURN
        jobs = 0
        while attempt is not None:
            attempt.task = task
            context = self._context.copy()
            waited = True
            try:
                coroutine = context.run(self._run, attempt)
                awaited = context.run(coroutine.send, None)
                self._follow(task)
                await _Rest(context, coroutine, awaited)
            except StopIteration:
                waited = False
            except asyncio.CancelledError:
                pass  # while it recorded how the attempt ended: the lease ends it then
            except Exception:
                logger.exception("the worker failed to end an attempt at job %d", attempt.jobs[0].id)
            jobs += len(attempt.jobs)
            self._leave(attempt)
            if waited or (task is not None and task.cancelling()) or time.monotonic() >= ends_at:
                break
            attempt = self._following()
            if attempt is not None:
                self._enter(attempt)
        self._follow(task)
        self._prefetch.jobs_ended(jobs, time.monotonic(), idle=not self._running)
        if not self._running:
            self._none_running.set()
        self._turn_over()

    def _follow(self, leader: asyncio.Task[None] | None) -> None:
        if self._leader is leader:
            self._leader = None
        self.fill()

    def _enter(self, attempt: Attempt) -> None:
        self._running.add(attempt)
        job = attempt.jobs[0]
        if job.rescues and is_suspect(job):
            self.suspect = attempt

    def _leave(self, attempt: Attempt) -> None:
        self._running.discard(attempt)
        if self.suspect is attempt:
            self.suspect = None
        if attempt.successor is not None:
            self.start(attempt.successor)


class _Rest:
    """What is left of a coroutine that waits. It goes on in its own context, as part of the task that awaits this."""

    def __init__(self, context: contextvars.Context, coroutine: Coroutine[Any, Any, None], awaited: object) -> None:
        self._context = context
        self._coroutine = coroutine
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        run, coroutine, awaited = self._context.run, self._coroutine, self._awaited
        while True:
            try:
                sent = yield awaited
            except BaseException as error:  # noqa: BLE001  # whatever it is, it is for the coroutine
                step = partial(coroutine.throw, error)
            else:
                step = partial(coroutine.send, sent)
            try:
                awaited = run(step)
            except StopIteration:
                return
