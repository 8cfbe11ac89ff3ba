"""Recording how an attempt ended that did not complete its job."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from application.jobs.attempt import Attempt
from application.jobs.error_report import report
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import ClaimedJob, EndedAttempt, JobStore
from application.jobs.log_fields import LogFields, fields_of
from application.jobs.outcome import Outcome, outcome_of
from application.jobs.telemetry import PoolTelemetry
from domain.jobs import Snooze

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0

logger = logging.getLogger("arrower.worker")


class _Failure(NamedTuple):
    """One job of an attempt that did not complete it."""

    attempt: Attempt
    func: RegisteredFunc
    ended: EndedAttempt
    error: BaseException

    @property
    def job(self) -> ClaimedJob:
        return self.ended.job

    def traceback(self) -> BaseException | None:
        """Return the error the first time: the jobs of a batch fail by the same one."""
        told, self.attempt.told = self.attempt.told, self.error
        return None if told is self.error else self.error


class FailedAttempts:
    """Decides between retry, dead, snooze and hand-back, and writes it until it is written."""

    def __init__(self, store: JobStore, telemetry: PoolTelemetry) -> None:
        self._store = store
        self._telemetry = telemetry

    async def end(self, attempt: Attempt, func: RegisteredFunc, ended: EndedAttempt, error: BaseException) -> None:
        """Record the end of one job's attempt. Raises nothing but cancellation."""
        failure = _Failure(attempt, func, ended, error)
        outcome = await self._until_written(lambda: self._write(failure))
        self._telemetry.ended([ended.job], outcome)
        if outcome is Outcome.LOST:
            logger.warning(
                "%s was lost: the job belongs to another attempt now, nothing of this one was written (%r)",
                _named(ended.job),
                error,
                extra=self._fields(failure),
            )

    async def _write(self, failure: _Failure) -> Outcome:
        attempt, func, _, error = failure
        outcome = outcome_of(attempt, func, failure.job, error)
        if outcome is Outcome.LOST:
            if attempt.revoked is None and len(attempt.jobs) > 1:
                await self._store.release([failure.job])  # another one of the batch may be the one that was lost
            return outcome
        return outcome if await self._write_owned(outcome, failure) else Outcome.LOST

    async def _write_owned(self, outcome: Outcome, failure: _Failure) -> bool:
        if outcome is Outcome.RELEASED:
            await self._store.release([failure.job])
            return True
        if outcome is Outcome.CANCELLED:
            return await self._store.cancel(failure.ended)
        if isinstance(failure.error, Snooze):
            return await self._store.snooze(failure.job, failure.error.delay)
        if outcome is Outcome.FAILED:
            return await self._write_retry(failure)
        return await self._write_death(failure)

    async def _write_death(self, failure: _Failure) -> bool:
        owned = await self._store.bury(failure.ended, report(failure.error))
        if owned:
            logger.error(
                "%s failed, the job is dead",
                _named(failure.job),
                exc_info=failure.traceback(),
                extra=self._fields(failure),
            )
        return owned

    async def _write_retry(self, failure: _Failure) -> bool:
        delay = failure.func.retry.delay(failure.job.attempt)
        owned = await self._store.retry(failure.ended, report(failure.error), delay)
        if owned:
            logger.warning(
                "%s failed, the next one follows in %.1f s",
                _named(failure.job),
                delay.total_seconds(),
                exc_info=failure.traceback(),
                extra=self._fields(failure),
            )
        return owned

    def _fields(self, failure: _Failure) -> LogFields:
        return fields_of(failure.job, self._store.queue)

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
