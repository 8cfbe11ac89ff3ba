"""Recording how an attempt ended that did not complete its job."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from application.jobs.attempt import Attempt
from application.jobs.error_report import report, short_report
from application.jobs.job_store import ClaimedJob, EndedAttempt, ErrorReport, JobStore
from application.jobs.log_fields import LogFields, fields_of
from application.jobs.outcome import Outcome, outcome_of
from application.jobs.telemetry import PoolTelemetry
from domain.jobs import Snooze

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0
_PUT_OFF = timedelta(hours=1)

logger = logging.getLogger("arrower.worker")


class _Failure(NamedTuple):
    """One job of an attempt that did not complete it."""

    attempt: Attempt
    ended: EndedAttempt
    error: BaseException
    in_short: bool = False
    """Say no more of the error than any database can hold."""

    @property
    def job(self) -> ClaimedJob:
        return self.ended.job

    def report(self) -> ErrorReport:
        return short_report(self.error) if self.in_short else report(self.error)

    def traceback(self) -> BaseException | None:
        """Return the error the first time: the jobs of a batch fail by the same one."""
        told, self.attempt.told = self.attempt.told, self.error
        return None if told is self.error else self.error


class FailedAttempts:
    """Decides between retry, dead, snooze and hand-back, and writes it, however long the store is away."""

    def __init__(self, store: JobStore, telemetry: PoolTelemetry) -> None:
        self._store = store
        self._telemetry = telemetry

    async def end(self, attempt: Attempt, ended: EndedAttempt, error: BaseException) -> None:
        """Record the end of one job's attempt. Raises nothing but cancellation.

        Where storage will never take it, less is recorded; where it takes nothing of it, the job is put off for
        an hour, without a record; where it refuses that, too, the job counts as running until the worker leaves.
        """
        failure = _Failure(attempt, ended, error)
        outcome = await self._written(failure)
        self._telemetry.ended([ended.job], outcome)
        if outcome is Outcome.LOST:
            logger.warning(
                "%s was lost: the job belongs to another attempt now, nothing of this one was written (%r)",
                _named(ended.job),
                error,
                extra=self._fields(failure),
            )

    async def _write(self, failure: _Failure) -> Outcome:
        attempt = failure.attempt
        outcome = outcome_of(attempt, failure.job, failure.error)
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
        return await self._write_failure(outcome, failure)

    async def _write_failure(self, outcome: Outcome, failure: _Failure) -> bool:
        if outcome is Outcome.FAILED:
            return await self._write_retry(failure)
        return await self._write_death(failure)

    async def _write_death(self, failure: _Failure) -> bool:
        owned = await self._store.bury(failure.ended, failure.report())
        if owned:
            logger.error(
                "%s failed, the job is dead",
                _named(failure.job),
                exc_info=failure.traceback(),
                extra=self._fields(failure),
            )
        return owned

    async def _write_retry(self, failure: _Failure) -> bool:
        delay = failure.attempt.func.retry.delay(failure.job.attempt)
        owned = await self._store.retry(failure.ended, failure.report(), delay)
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

    async def _written(self, failure: _Failure) -> Outcome:
        """Write it as it is, or with less said of it, or put the job off: whatever storage takes."""
        for write in (self._write, self._write_in_short, self._put_off):
            try:
                return await self._until_written(partial(write, failure))
            except Exception:
                logger.exception("the end of %s was refused", _named(failure.job), extra=self._fields(failure))
        logger.error("job %d counts as running until this worker has left", failure.job.id, extra=self._fields(failure))
        return Outcome.FAILED

    async def _write_in_short(self, failure: _Failure) -> Outcome:
        return await self._write(failure._replace(in_short=True))

    async def _put_off(self, failure: _Failure) -> Outcome:
        """Run the job again, much later: it must not keep a place here, nor come back at once."""
        owned = await self._store.snooze(failure.job, _PUT_OFF)
        if not owned:
            return Outcome.LOST
        logger.error(
            "%s failed; the job is put off for %s without a record of it",
            _named(failure.job),
            _PUT_OFF,
            exc_info=failure.error,
            extra=self._fields(failure),
        )
        return Outcome.FAILED

    async def _until_written(self, write: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Write, and write again where that can help. Raises the error where it cannot."""
        backoff = _FIRST_BACKOFF
        while True:
            try:
                return await write()
            except Exception as error:
                if not self._store.worth_another_try(error):
                    raise
                logger.warning("the end of an attempt was not recorded, next try in %.1f s: %r", backoff, error)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, _LONGEST_BACKOFF)


def _named(job: ClaimedJob) -> str:
    return f"attempt {job.attempt} of job {job.id} ({job.type})"
