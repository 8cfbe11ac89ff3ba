"""One attempt, from the payload to its end."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from application.jobs.attempt import Attempt, Revoked
from application.jobs.buffer import is_suspect
from application.jobs.completions import Completions
from application.jobs.failed_attempts import FailedAttempts
from application.jobs.instants import Instant
from application.jobs.job_func_call import call_job_func
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import AttemptTransaction, ClaimedJob, EndedAttempt, JobStore
from application.jobs.job_threads import JobThreads
from application.jobs.log_fields import enter_batch
from application.jobs.outcome import Outcome, outcome_of
from application.jobs.payloads import Payloads
from application.jobs.telemetry import Call, PoolTelemetry
from domain.jobs import AttemptLost, UnreadablePayload
from domain.jobs.current_job import enter_job


class AttemptRunner:
    """Runs attempts, and sees to it that each end is recorded."""

    def __init__(
        self,
        store: JobStore,
        payloads: Payloads,
        completions: Completions,
        *,
        telemetry: PoolTelemetry,
        threads: JobThreads,
        successor: Callable[[Attempt], Attempt | None],
        store_closed: Callable[[], None],
    ) -> None:
        """Run with what the pool has.

        `successor` is asked which attempt will take the place of one; `store_closed` hears of an attempt that
        could not write.
        """
        self._store = store
        self._payloads = payloads
        self._completions = completions
        self._telemetry = telemetry
        self._failed_attempts = FailedAttempts(store, telemetry)
        self._threads = threads
        self._successor = successor
        self._store_closed = store_closed

    def run(self, attempt: Attempt) -> Coroutine[Any, Any, None]:
        """Run to the end, whatever the job func does. Raises nothing but cancellation of the recording."""
        if attempt.func.batch_size is not None:
            return self._run_batch(attempt)
        job = attempt.jobs[0]
        try:
            argument = self._payloads.decode(job.payload, attempt.func.job_class)
        except UnreadablePayload as error:
            return self._end_unreadable(attempt, [(job, error)])
        return self._run(attempt, argument)  # itself, because a coroutine around it costs each job

    async def _run_batch(self, attempt: Attempt) -> None:
        payloads, unreadable = self._decode(attempt.jobs, attempt.func)
        if unreadable:
            await self._end_unreadable(attempt, unreadable)
        if payloads:
            await self._run(attempt, payloads)

    async def _run(self, attempt: Attempt, argument: object) -> None:
        store, func, jobs = self._store, attempt.func, attempt.jobs
        if func.batch_size is None:
            enter_job(attempt.current_job)
        else:
            enter_batch(jobs, attempt.queue)
        transaction = attempt.transaction or store.transaction(*jobs)
        transaction.enter()
        started_at = store.now()
        call = self._telemetry.call(jobs, started_at, batch=func.batch_size is not None)
        try:
            if attempt.revoked is not None:
                raise asyncio.CancelledError  # noqa: TRY301  # before it could be cancelled
            if func.retry.max_attempts == 1 or jobs[0].rescues:  # one that was rescued is not in a batch with others
                await self._mark_started(jobs)
            if func.is_async and func.timeout is None:  # the usual case, without a further call
                await func.call(argument)
            else:
                await call_job_func(func, argument, self._threads)
            attempt.is_ending = True
            if attempt.called_off:
                raise asyncio.CancelledError  # noqa: TRY301  # the job func has swallowed it
            finished_at = store.now()
            ended = [EndedAttempt(job, started_at, finished_at) for job in jobs]
            if transaction.close():
                await transaction.commit(*ended, heir=self._heir(attempt))
                self._telemetry.ended(jobs, Outcome.COMPLETED)
            else:
                self._completions.add(ended)
            call.ended(Outcome.COMPLETED)
        except BaseException as error:  # noqa: BLE001  # whatever a job func raises, the worker lives
            await self._fail(attempt, transaction, call, started_at, error)
        if jobs[0].rescues and is_suspect(jobs[0]):
            # The next suspect may kill the worker; this one must not be taken for the culprit then.
            await self._completions.hurry()

    async def _fail(
        self,
        attempt: Attempt,
        transaction: AttemptTransaction,
        call: Call,
        started_at: Instant,
        error: BaseException,
    ) -> None:
        if attempt.revoked is None and self._store.closed():
            attempt.revoked = Revoked.SHUTDOWN  # whatever failed, it is not the job
            self._store_closed()
        call.ended(outcome_of(attempt, attempt.jobs[0], error), error)
        transaction.close()
        await transaction.rollback()
        finished_at = self._store.now()
        for job in attempt.jobs:
            await self._failed_attempts.end(attempt, EndedAttempt(job, started_at, finished_at), error)

    def _heir(self, attempt: Attempt) -> AttemptTransaction | None:
        successor = self._successor(attempt)
        if successor is None:
            return None
        attempt.successor = successor
        successor.transaction = self._store.transaction(*successor.jobs)
        return successor.transaction

    def _decode(
        self,
        jobs: Sequence[ClaimedJob],
        func: RegisteredFunc,
    ) -> tuple[list[object], list[tuple[ClaimedJob, UnreadablePayload]]]:
        payloads: list[object] = []
        unreadable: list[tuple[ClaimedJob, UnreadablePayload]] = []
        for job in jobs:
            try:
                payloads.append(self._payloads.decode(job.payload, func.job_class))
            except UnreadablePayload as error:
                unreadable.append((job, error))
        return payloads, unreadable

    async def _end_unreadable(
        self,
        attempt: Attempt,
        unreadable: Sequence[tuple[ClaimedJob, UnreadablePayload]],
    ) -> None:
        """End those jobs, and nothing else."""
        if attempt.transaction is not None:
            attempt.transaction.close()
            await attempt.transaction.rollback()  # it may hold the row
        ended = {job.id for job, _ in unreadable}
        attempt.jobs = [job for job in attempt.jobs if job.id not in ended]
        now = self._store.now()
        for job, error in unreadable:
            self._telemetry.call([job], now, batch=attempt.func.batch_size is not None).ended(Outcome.DEAD, error)
            await self._failed_attempts.end(attempt, EndedAttempt(job, now, now), error)

    async def _mark_started(self, jobs: Sequence[ClaimedJob]) -> None:
        for job in jobs:
            if not await self._store.mark_started(job):
                raise AttemptLost(job.id, job.attempt)
