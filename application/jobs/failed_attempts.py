"""Recording how an attempt ended that did not complete its job."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from application.jobs.attempt import Attempt
from application.jobs.error_report import report
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import ClaimedJob, EndedAttempt, JobStore
from application.jobs.outcome import Outcome, outcome_of
from application.jobs.telemetry import PoolTelemetry
from domain.jobs import Snooze

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0

logger = logging.getLogger("arrower.worker")


class FailedAttempts:
    """Decides between retry, dead, snooze and hand-back, and writes it until it is written."""

    def __init__(self, store: JobStore, telemetry: PoolTelemetry) -> None:
        self._store = store
        self._telemetry = telemetry

    async def end(self, attempt: Attempt, func: RegisteredFunc, ended: EndedAttempt, error: BaseException) -> None:
        """Record the end of one job's attempt. Raises nothing but cancellation."""
        outcome = await self._until_written(lambda: self._write(attempt, func, ended, error))
        self._telemetry.ended([ended.job], outcome)
        if outcome is Outcome.LOST:
            logger.warning(
                "%s was lost: the job belongs to another attempt now, nothing of this one was written (%r)",
                _named(ended.job),
                error,
            )

    async def _write(
        self,
        attempt: Attempt,
        func: RegisteredFunc,
        ended: EndedAttempt,
        error: BaseException,
    ) -> Outcome:
        outcome = outcome_of(attempt, func, ended.job, error)
        if outcome is Outcome.LOST:
            if attempt.revoked is None and len(attempt.jobs) > 1:
                await self._store.release([ended.job])  # another one of the batch may be the one that was lost
            return outcome
        owned = await self._write_owned(outcome, func, ended, error)
        return outcome if owned else Outcome.LOST

    async def _write_owned(
        self,
        outcome: Outcome,
        func: RegisteredFunc,
        ended: EndedAttempt,
        error: BaseException,
    ) -> bool:
        if outcome is Outcome.RELEASED:
            await self._store.release([ended.job])
            return True
        if isinstance(error, Snooze):
            return await self._store.snooze(ended.job, error.delay)
        if outcome is Outcome.FAILED:
            return await self._write_retry(func, ended, error)
        return await self._write_death(ended, error)

    async def _write_death(self, ended: EndedAttempt, error: BaseException) -> bool:
        owned = await self._store.bury(ended, report(error))
        if owned:
            logger.error("%s failed, the job is dead", _named(ended.job), exc_info=error)
        return owned

    async def _write_retry(self, func: RegisteredFunc, ended: EndedAttempt, error: BaseException) -> bool:
        delay = func.retry.delay(ended.job.attempt)
        owned = await self._store.retry(ended, report(error), delay)
        if owned:
            pause = delay.total_seconds()
            logger.warning("%s failed, the next one follows in %.1f s", _named(ended.job), pause, exc_info=error)
        return owned

    async def _until_written(self, write: Callable[[], Awaitable[Outcome]]) -> Outcome:
        backoff = _FIRST_BACKOFF
        while True:
            try:
                return await write()
            except Exception as error:  # noqa: BLE001  # storage may fail in any way; the result must be kept
                logger.warning("the end of an attempt was not recorded, next try in %.1f s: %r", backoff, error)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, _LONGEST_BACKOFF)


def _named(job: ClaimedJob) -> str:
    return f"attempt {job.attempt} of job {job.id} ({job.type})"
