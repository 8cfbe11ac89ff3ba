"""Recording how an attempt ended that did not complete its job."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from application.jobs.attempt import Attempt, Revoked
from application.jobs.error_report import report
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import ClaimedJob, EndedAttempt, JobStore
from domain.jobs import AttemptLost, Discard, Snooze, UnreadablePayload

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 5.0

logger = logging.getLogger("arrower.worker")


class FailedAttempts:
    """Decides between retry, dead, snooze and hand-back, and writes it until it is written."""

    def __init__(self, store: JobStore) -> None:
        self._store = store

    async def end(self, attempt: Attempt, func: RegisteredFunc, ended: EndedAttempt, error: BaseException) -> None:
        """Record the end of one job's attempt. Raises nothing but cancellation."""
        if await self._until_written(lambda: self._write(attempt, func, ended, error)):
            return
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
    ) -> bool:
        job = ended.job
        if attempt.revoked is Revoked.LOST:
            return False
        if attempt.revoked is Revoked.SHUTDOWN:
            await self._store.release([job])
            return True
        if isinstance(error, AttemptLost):
            if len(attempt.jobs) > 1:
                await self._store.release([job])  # another one of the batch may be the one that was lost
            return False
        if isinstance(error, Snooze):
            return await self._store.snooze(job, error.delay)
        return await self._write_failure(func, ended, error)

    async def _write_failure(self, func: RegisteredFunc, ended: EndedAttempt, error: BaseException) -> bool:
        job, described = ended.job, report(error)
        if isinstance(error, (Discard, UnreadablePayload)) or not func.retry.allows_another(job.attempt):
            owned = await self._store.bury(ended, described)
            if owned:
                logger.error("%s failed, the job is dead", _named(job), exc_info=error)
            return owned
        delay = func.retry.delay(job.attempt)
        owned = await self._store.retry(ended, described, delay)
        if owned:
            pause = delay.total_seconds()
            logger.warning("%s failed, the next one follows in %.1f s", _named(job), pause, exc_info=error)
        return owned

    async def _until_written(self, write: Callable[[], Awaitable[bool]]) -> bool:
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
