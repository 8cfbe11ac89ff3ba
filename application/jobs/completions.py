"""Completions of jobs that wrote nothing, gathered and written many at a time."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from application.jobs.job_store import ClaimedJob, EndedAttempt, JobStore
from application.jobs.log_fields import fields_of
from application.jobs.loop import Loop
from application.jobs.telemetry import PoolTelemetry

_MOST_AT_ONCE = 4_000
"""As many as wait to start at most: what gathers while a batch is written is the next one, and saves a commit."""

_FAR_BEHIND = 3 * _MOST_AT_ONCE
"""One batch is being written, the next has gathered: with a third the store takes them more slowly than they come."""

_GATHERING = 0.005
"""Seconds to wait for others after the first, so that one statement and one commit serve many."""

_REFUSED_AGAIN = 5.0
_IDLE = 3_600.0

logger = logging.getLogger("arrower.worker")


class Completions:
    """Holds completions until they are written. Those of a dead process are run again by others."""

    def __init__(self, store: JobStore, telemetry: PoolTelemetry, written: Callable[[], None]) -> None:
        """Write to `store`; `written` hears of it each time."""
        self._store = store
        self._telemetry = telemetry
        self._written = written
        self._waiting: list[EndedAttempt] = []
        self._refused: list[EndedAttempt] = []
        self._told: set[EndedAttempt] = set()
        self._at_once = _MOST_AT_ONCE
        self._flushing = asyncio.Lock()
        self.loop = Loop("writing completions", self._step)

    def add(self, ended: Sequence[EndedAttempt]) -> None:
        """Write these soon."""
        if not self._waiting:
            self.loop.wake()
        self._waiting.extend(ended)

    async def hurry(self) -> None:
        """Write what is waiting now. What could not be written is tried again by the loop."""
        with suppress(Exception):
            await self.flush()

    def waiting(self) -> list[ClaimedJob]:
        """Return the jobs whose completion is not written."""
        return [ended.job for ended in (*self._waiting, *self._refused)]

    @property
    def far_behind(self) -> bool:
        """Whether so many wait that no jobs should be claimed: all of them run again where this process dies."""
        return len(self._waiting) > _FAR_BEHIND

    async def flush(self) -> None:
        """Write all that is waiting. What could not be written goes on waiting, and what is refused does so apart."""
        async with self._flushing:
            while self._waiting:
                batch = self._waiting[: self._at_once]
                began = time.monotonic()
                try:
                    lost = await self._store.complete(batch)
                except Exception as error:
                    self._telemetry.completing_failed(error, time.monotonic() - began)
                    self._put_behind(batch)
                    if self._store.worth_another_try(error):
                        raise
                    if len(batch) == 1:
                        self._set_aside(batch[0], error)
                    continue
                self._at_once = min(self._at_once * 2, _MOST_AT_ONCE)
                del self._waiting[: len(batch)]
                self._written()
                if self._told:
                    self._told.difference_update(batch)
                self._telemetry.completed(batch, lost, time.monotonic() - began)
                for job in lost:
                    contextvars.copy_context().run(self._tell_lost, job)

    def _put_behind(self, batch: Sequence[EndedAttempt]) -> None:
        """Let the others go first, and fewer at once: one that is refused for good must not hold them up."""
        del self._waiting[: len(batch)]
        self._waiting.extend(batch)
        self._at_once = max(1, len(batch) // 2)

    def _set_aside(self, ended: EndedAttempt, error: Exception) -> None:
        """Try it again now and then, in case somebody mends what is in its way. The job counts as running."""
        self._waiting.remove(ended)
        if ended not in self._told:
            self._told.add(ended)
            logger.error(
                "the completion of job %d (%s) is refused, and tried again every %g s: %r",
                ended.job.id,
                ended.job.type,
                _REFUSED_AGAIN,
                error,
                extra=fields_of(ended.job, self._store.queue),
            )
        self._refused.append(ended)
        if len(self._refused) == 1:
            asyncio.get_running_loop().call_later(_REFUSED_AGAIN, self._try_refused)

    def _try_refused(self) -> None:
        refused, self._refused = self._refused, []
        self.add(refused)

    async def _step(self) -> float:
        if self._waiting:
            await asyncio.sleep(_GATHERING)
            await self.flush()
        return _IDLE

    def _tell_lost(self, job: ClaimedJob) -> None:
        self._telemetry.lost_afterwards(job)
        logger.warning(
            "attempt %d of job %d (%s) was lost before its completion was written; the job runs again",
            job.attempt,
            job.id,
            job.type,
            extra=fields_of(job, self._store.queue),
        )
