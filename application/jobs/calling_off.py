"""Ending claimed jobs that somebody called off."""

from application.jobs.buffer import JobBuffer
from application.jobs.job_store import ClaimedJob, EndedAttempt, JobStore
from application.jobs.presence import Presence
from application.jobs.running_attempts import RunningAttempts


class CallingOff:
    """Cancels those that run, and those that have not begun."""

    def __init__(self, store: JobStore, presence: Presence, running: RunningAttempts, buffer: JobBuffer) -> None:
        self._store = store
        self._presence = presence
        self._running = running
        self._buffer = buffer

    async def look(self) -> None:
        """Ask what was called off, and end it."""
        worker = self._presence.worker
        called_off = () if worker is None else await self._store.called_off(worker)
        if not called_off:
            return
        for attempt in self._running:  # first, because the others may have to wait for a connection
            for job in attempt.jobs:
                if job.id in called_off:
                    attempt.call_off(job)
        for job in self._buffer.waiting():
            if job.id in called_off and self._buffer.holds(job):
                await self._cancel_buffered(job)

    async def _cancel_buffered(self, job: ClaimedJob) -> None:
        self._buffer.remove(job)
        now = self._store.now()
        try:
            await self._store.cancel(EndedAttempt(job, now, now))
        except BaseException:
            self._buffer.add([job])  # not forgotten: nobody else would end it
            raise
