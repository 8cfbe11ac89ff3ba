"""The pool that runs the jobs of one queue in this process: one runtime for every store."""

import asyncio
import contextvars
import logging
import time
from datetime import timedelta

from application.jobs.attempt import Attempt, Revoked
from application.jobs.attempt_runner import AttemptRunner
from application.jobs.buffer import JobBuffer
from application.jobs.calling_off import CallingOff
from application.jobs.claiming import Claiming
from application.jobs.completions import Completions
from application.jobs.farewell import within_farewell
from application.jobs.job_funcs import JobFuncs
from application.jobs.job_store import ClaimedJob, JobStore, PoolSignals, WorkerId
from application.jobs.job_threads import JobThreads
from application.jobs.loop import Loop, RunningLoops
from application.jobs.options import QueueOptions, shown_name
from application.jobs.payloads import Payloads
from application.jobs.prefetch import Prefetch
from application.jobs.presence import Presence
from application.jobs.pulse import Pulse
from application.jobs.running_attempts import RunningAttempts
from application.jobs.telemetry import PoolTelemetry
from application.jobs.upkeep import Upkeep

_HEARTBEATS_PER_LEASE = 3

logger = logging.getLogger("arrower.worker")


class WorkerPool(PoolSignals):
    """Claims in batches into a buffer, and runs `pool_size` of the buffered jobs at a time."""

    def __init__(
        self,
        store: JobStore,
        funcs: JobFuncs,
        payloads: Payloads,
        telemetry: PoolTelemetry,
        options: QueueOptions,
    ) -> None:
        self._store = store
        self._funcs = funcs
        self._telemetry = telemetry
        self._options = options
        self._beat_interval = options.lease.total_seconds() / _HEARTBEATS_PER_LEASE
        self._presence = Presence(store, funcs, options)
        self._claiming = Claiming(store, telemetry, self._presence, self._known)
        self._completions = Completions(store, telemetry, self._wake_when_short)
        self._threads = JobThreads(f"arrower-{options.pool_name}")
        self._runner = AttemptRunner(
            store,
            payloads,
            self._completions,
            telemetry=telemetry,
            threads=self._threads,
            successor=self._successor,
            store_closed=self.look_again,
        )
        context = contextvars.copy_context()
        context.run(telemetry.forget_caller)  # not the trace in which the pool was started
        self._prefetch = Prefetch(options.pool_size)
        self._buffer = JobBuffer(funcs, options.queue)
        self._running = RunningAttempts(
            options.pool_size,
            self._runner.run,
            self._next_attempt,
            self._wake_when_short,
            prefetch=self._prefetch,
            context=context,
        )
        self._jobs_at_once = funcs.jobs_at_once()
        self._more_waiting = False
        self._stopping = False
        self._feed = Loop("claiming jobs", self._claim_step)
        self._pulse = Loop("heartbeat", self._heartbeat_step)
        self._calling_off = CallingOff(store, self._presence, self._running, self._buffer)
        self._call_off = Loop("calling jobs off", self._call_off_step)
        self._upkeep = Upkeep(store, telemetry, options.poll_interval)
        self._loops = RunningLoops(f"arrower {options.pool_name}")

    def start(self) -> None:
        """Begin to claim. Does not wait for the store: while that is away the pool keeps trying."""
        self._store.subscribe(self)
        self._telemetry.watch(lambda: len(self._running))
        self._loops.start(self._feed, self._pulse, self._call_off, *self._upkeep.loops, self._completions.loop)

    def pulse(self) -> Pulse | None:
        """Return how the pool does; None where it takes no jobs any more."""
        if self._stopping:
            return None
        claimed_at = self._feed.succeeded_at
        return Pulse(
            queue=self._options.queue,
            pool_name=self._options.pool_name,
            running=len(self._running),
            late=self._loops.late(),
            since_claim=None if claimed_at is None else time.monotonic() - claimed_at,
            poll_interval=self._poll_interval,
            left_behind=self._threads.left_behind,
        )

    def funcs_changed(self) -> None:
        """Claim the types registered since, too."""
        self._jobs_at_once = self._funcs.jobs_at_once()
        self._feed.wake()

    def jobs_ready(self) -> None:
        """Claim now."""
        self._feed.wake()

    def jobs_scheduled(self) -> None:
        """See when the next job is due."""
        self._upkeep.promotion.wake()

    def jobs_called_off(self) -> None:
        """See which."""
        self._call_off.wake()

    def look_again(self) -> None:
        """Take nothing for granted."""
        self._pulse.wake()
        self._call_off.wake()
        self._upkeep.promotion.wake()
        self._feed.wake()
        self._upkeep.survey.wake()

    async def shutdown(self, grace: timedelta) -> None:
        """Stop as `Queue.shutdown` promises."""
        self._stopping = True
        try:
            await self._loops.stop(self._feed, self._upkeep.promotion)
            await self._hand_back_buffered()
            await self._wait_for_running(grace.total_seconds())
        finally:
            await self._leave()

    async def work(self) -> int:
        """Without loops: call one job func for what is first in line. Returns how many jobs it was called for."""
        worker = await self._presence.registered()
        await self._upkeep.promote()
        self._buffer.add(await self._claiming.claim(worker, self._jobs_at_once))
        attempt = self._buffer.take(beside_a_suspect=False)
        await self._hand_back_buffered()
        if attempt is None:
            return 0
        jobs = len(attempt.jobs)
        self._running.start(attempt)
        await self._running.all_ended()
        await self._completions.flush()
        return jobs

    async def _claim_step(self) -> float:
        if (reason := self._store.closed()) is not None:
            await self._retire(reason)
            return self._poll_interval
        worker = await self._presence.registered()
        limit = self._wanted()
        if limit == 0 or self._stopping:
            self._more_waiting = True  # for all that is known: whoever woke this step heard of something
            return self._poll_interval
        claimed = await self._claiming.claim(worker, limit)
        if worker != self._presence.worker:
            return 0  # declared dead while claiming: these jobs are being given away
        self._more_waiting = len(claimed) == limit
        self._buffer.add(claimed)
        self._running.fill()
        return 0 if self._more_waiting else self._poll_interval

    async def _retire(self, reason: str) -> None:
        """Begin no job any more. Those that run may end, and shutdown does the rest."""
        if not self._stopping:
            self._stopping = True
            logger.error("queue %s takes no more jobs here: %s", shown_name(self._options.queue), reason)
            await self._hand_back_buffered()

    def _known(self) -> list[ClaimedJob]:
        running = [job for attempt in self._running for job in attempt.jobs]
        return self._buffer.waiting() + self._completions.waiting() + running

    def _next_attempt(self) -> Attempt | None:
        if self._stopping or not self._buffer:
            return None
        if not self._presence.is_certain():
            self._pulse.wake()
            return None
        return self._buffer.take(beside_a_suspect=self._running.suspect is not None)

    def _wake_when_short(self) -> None:
        if self._more_waiting and self._wanted():
            self._feed.wake()

    def _successor(self, attempt: Attempt) -> Attempt | None:
        """Return the attempt that will take this one's place as soon as it has committed."""
        func = attempt.func
        special = func.batch_size is not None or func.retry.max_attempts == 1
        if special or self._stopping or attempt.revoked is not None or not self._presence.is_certain():
            return None
        return self._buffer.take_after(attempt)

    def _wanted(self) -> int:
        if self._completions.far_behind:
            return 0
        return self._prefetch.limit(len(self._running), len(self._buffer), self._jobs_at_once)

    async def _heartbeat_step(self) -> float:
        worker = self._presence.worker
        if await self._presence.beat():
            self._running.fill()
        elif worker is not None:
            self._declared_dead(worker)
        return self._beat_interval

    def _declared_dead(self, worker: WorkerId) -> None:
        logger.warning(
            "worker %d of pool %s was taken for dead after its lease of %s: %d running jobs were given to others",
            worker,
            self._options.pool_name,
            self._options.lease,
            len(self._running),
        )
        self._buffer.empty()
        for attempt in self._running:
            attempt.revoke(Revoked.LOST)
        self._feed.wake()

    async def _call_off_step(self) -> float:
        await self._calling_off.look()
        return self._beat_interval

    @property
    def _poll_interval(self) -> float:
        return self._options.poll_interval.total_seconds()

    async def _hand_back_buffered(self) -> None:
        jobs = self._buffer.empty()
        if jobs:
            await within_farewell(self._store.release(jobs))

    async def _wait_for_running(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._running.all_ended()
        except TimeoutError:
            logger.warning("%d jobs are still running after the grace of %g s", len(self._running), seconds)

    async def _leave(self) -> None:
        """End everything. What cannot be told to the store in time, its leases will tell."""
        for attempt in self._running:
            attempt.revoke(Revoked.SHUTDOWN)
        await within_farewell(self._running.all_ended())
        self._running.give_up()
        await within_farewell(self._completions.flush())
        await within_farewell(self._presence.leave())
        await self._loops.stop_all()
        await within_farewell(self._store.unsubscribe(self))
        self._telemetry.unwatch()
        self._threads.close()
