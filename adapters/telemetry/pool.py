"""Following one pool."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from adapters.telemetry.attributes import (
    ARROWER,
    CLAIM,
    COMPLETE,
    DESTINATION,
    ERROR_TYPE,
    JOB_TYPE,
    OPERATION_NAME,
    OUTCOME,
    PROCESS,
    SYSTEM,
    Attributes,
    error_type_of,
    operation,
)
from adapters.telemetry.calls import CallSpans, RecordedCall, UnrecordedCall
from adapters.telemetry.counts import ATTEMPTS, CONSUMED, DEAD, LOST, PROMOTED, PRUNED, RESCUED, RETRIED
from adapters.telemetry.gauges import WatchedPool
from adapters.telemetry.guard import never_failing
from adapters.telemetry.instruments import Instruments
from adapters.telemetry.propagation import OpenTelemetryPropagation
from adapters.telemetry.providers import Providers
from application.jobs.instants import Instant
from application.jobs.job_store import ClaimedJob, EndedAttempt, Maintenance
from application.jobs.options import shown_name
from application.jobs.outcome import Outcome
from application.jobs.survey import Survey
from application.jobs.telemetry import Call, PoolTelemetry

_UNRECORDED: Final = UnrecordedCall()
_DIED: Final = "died"

logger = logging.getLogger("arrower.telemetry")


class OpenTelemetryPool(PoolTelemetry):
    """Asks once per claim whether anything records, so that without an SDK a job costs a comparison."""

    def __init__(
        self,
        providers: Providers,
        propagation: OpenTelemetryPropagation,
        queue: str,
        name: str,
        size: int,
    ) -> None:
        self._providers = providers
        self._propagation = propagation
        self._name = name
        self._size = size
        self._spans = CallSpans(propagation, queue, name)
        self._claim = operation(CLAIM, "receive", queue)
        self._complete = operation(COMPLETE, "settle", queue)
        self._destination: Attributes = ((DESTINATION, shown_name(queue)),)
        self._consumed: Attributes = ((SYSTEM, ARROWER), (OPERATION_NAME, PROCESS), *self._destination)
        self._running: Callable[[], int] | None = None
        self._watching: Instruments | None = None

    def forget_caller(self) -> None:
        self._propagation.restore(None)

    def call(self, jobs: Sequence[ClaimedJob], started_at: Instant, *, batch: bool) -> Call:
        providers = self._providers
        if providers.tracer is not None or providers.instruments is not None:
            try:
                return self._recorded(jobs, started_at, batch=batch)
            except Exception:  # telemetry never fails a job
                logger.debug("a call is not recorded", exc_info=True)
        if jobs[0].carrier is not None:
            self._restore(jobs)
        return _UNRECORDED

    @never_failing
    def lost_afterwards(self, job: ClaimedJob) -> None:
        self._restore([job])
        if self._providers.tracer is not None:
            self._spans.lost(self._providers.tracer, job)

    @never_failing
    def claimed(self, jobs: Sequence[ClaimedJob], seconds: float) -> None:
        self._look()
        instruments = self._providers.instruments
        if instruments is not None:
            instruments.operation_duration.record(seconds, self._claim)
            instruments.claim_size.record(len(jobs), dict(self._destination))

    @never_failing
    def ended(self, jobs: Sequence[ClaimedJob], outcome: Outcome) -> None:
        instruments = self._providers.instruments
        if instruments is not None:
            for job_type, number in Counter(job.type for job in jobs).items():
                self._count(instruments, job_type, outcome, number)

    @never_failing
    def completed(self, ended: Sequence[EndedAttempt], lost: Sequence[ClaimedJob], seconds: float) -> None:
        instruments = self._providers.instruments
        if instruments is None:
            return
        instruments.operation_duration.record(seconds, self._complete)
        instruments.flush_size.record(len(ended), dict(self._destination))
        types = Counter(attempt.job.type for attempt in ended)
        types.subtract(job.type for job in lost)
        for job_type, number in types.items():
            self._count(instruments, job_type, Outcome.COMPLETED, number)
        self.ended(lost, Outcome.LOST)

    @never_failing
    def claim_failed(self, error: BaseException, seconds: float) -> None:
        self._look()
        self._failed(self._claim, error, seconds)

    @never_failing
    def completing_failed(self, error: BaseException, seconds: float) -> None:
        self._failed(self._complete, error, seconds)

    @never_failing
    def watch(self, running: Callable[[], int]) -> None:
        self._running = running
        self._providers.look()
        self._watch()

    @never_failing
    def unwatch(self) -> None:
        self._running = None
        self._watch()

    def wants_survey(self) -> bool:
        self._look()
        return self._watching is not None

    @never_failing
    def surveyed(self, survey: Survey) -> None:
        if self._watching is not None:
            self._watching.gauges.surveyed(self, survey)

    @never_failing
    def promoted(self, jobs: int) -> None:
        if self._providers.instruments is not None:
            self._providers.instruments.counts.add(PROMOTED, jobs, self._destination)

    @never_failing
    def maintained(self, maintenance: Maintenance) -> None:
        instruments = self._providers.instruments
        if instruments is None:
            return
        add = instruments.counts.add
        if maintenance.pruned:
            add(PRUNED, maintenance.pruned, ())
        for jobs in maintenance.rescued:
            destination: Attributes = ((DESTINATION, shown_name(jobs.queue)),)
            add(RESCUED, jobs.freed + jobs.buried, destination)
            add(DEAD, jobs.buried, destination)
            add(ATTEMPTS, jobs.died, (*destination, (OUTCOME, _DIED)))

    def _failed(self, operation: dict[str, str], error: BaseException, seconds: float) -> None:
        instruments = self._providers.instruments
        if instruments is not None:
            instruments.operation_duration.record(seconds, {**operation, ERROR_TYPE: error_type_of(error)})

    def _recorded(self, jobs: Sequence[ClaimedJob], started_at: Instant, *, batch: bool) -> Call:
        tracer, instruments = self._providers.tracer, self._providers.instruments
        began = time.time_ns()
        if instruments is not None:
            self._measure_start(instruments, jobs, started_at)
        if tracer is None:
            self._restore(jobs)
            span = None
        else:
            span = self._spans.start(tracer, jobs, began, batch=batch)
        return RecordedCall(span, instruments, began, dict(self._series(jobs[0].type, self._consumed)))

    def _measure_start(self, instruments: Instruments, jobs: Sequence[ClaimedJob], started_at: Instant) -> None:
        instruments.counts.add(CONSUMED, len(jobs), self._consumed)
        told = dict(self._series(jobs[0].type, self._destination))
        for job in jobs:
            scheduled = job.run_at > job.enqueued_at
            since = job.run_at if scheduled else job.enqueued_at
            histogram = instruments.lateness if scheduled else instruments.wait
            histogram.record(max((started_at - since) / 1e6, 0), told)

    def _count(self, instruments: Instruments, job_type: str, outcome: Outcome, number: int) -> None:
        if not number:
            return
        add, told = instruments.counts.add, self._series(job_type, self._destination)
        add(ATTEMPTS, number, (*told, (OUTCOME, outcome.value)))
        if outcome is Outcome.LOST:
            add(LOST, number, told)
        elif outcome is Outcome.FAILED:
            add(RETRIED, number, told)
        elif outcome in (Outcome.DEAD, Outcome.DISCARDED):
            add(DEAD, number, told)

    def _restore(self, jobs: Sequence[ClaimedJob]) -> None:
        if len(jobs) == 1 and jobs[0].carrier is not None:
            self._propagation.restore(jobs[0].carrier)

    def _look(self) -> None:
        if self._providers.look():
            self._watch()

    def _watch(self) -> None:
        if self._watching is not None:
            self._watching.gauges.unwatch(self)
        self._watching = self._providers.instruments if self._running is not None else None
        if self._watching is not None and self._running is not None:
            destination = self._destination[0][1]
            self._watching.gauges.watch(self, WatchedPool(destination, self._name, self._size, self._running))

    def _series(self, job_type: str, told: Attributes) -> Attributes:
        return (*told, (JOB_TYPE, job_type))
