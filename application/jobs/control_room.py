"""All that somebody who runs the queues can look at and do, in one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from application.jobs.acting import (
    BulkOperations,
    CancelJob,
    CancelJobs,
    ChangeJob,
    DeleteJob,
    DeleteJobs,
    EnqueueByHand,
    HandIntake,
    JobOperations,
    PauseQueue,
    PruneJobs,
    QueueSwitch,
    ResumeQueue,
    RetryJob,
    RetryJobs,
)
from application.jobs.diagnosing import Diagnose
from application.jobs.looking import (
    CheckDatabase,
    DatabaseHealth,
    DeadJobs,
    JobInspection,
    JobListing,
    ListDeadJobs,
    ListJobs,
    ListQueues,
    ListWorkers,
    QueueFigures,
    ShowJob,
    ShowThroughput,
    TellTime,
)
from application.jobs.payloads import Payloads
from application.jobs.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Instruments:
    """The ports that the use cases need, each with the adapter behind it."""

    inspection: JobInspection
    listing: JobListing
    figures: QueueFigures
    dead_jobs: DeadJobs
    health: DatabaseHealth
    operations: JobOperations
    bulk_operations: BulkOperations
    switch: QueueSwitch
    intake: HandIntake
    payloads: Payloads
    telemetry: Telemetry


@dataclass(frozen=True, slots=True)
class ControlRoom:
    """The use cases, for whoever drives them: a command line, a dashboard."""

    queues: ListQueues
    throughput: ShowThroughput
    jobs: ListJobs
    job: ShowJob
    workers: ListWorkers
    dead: ListDeadJobs
    database: CheckDatabase
    diagnose: Diagnose
    now: TellTime

    retry: RetryJob
    retry_many: RetryJobs
    cancel: CancelJob
    cancel_many: CancelJobs
    delete: DeleteJob
    delete_many: DeleteJobs
    change: ChangeJob
    pause: PauseQueue
    resume: ResumeQueue
    enqueue: EnqueueByHand
    prune: PruneJobs

    @classmethod
    def of(cls, ports: Instruments, job_classes: Iterable[type[object]] = ()) -> Self:
        """Build the use cases; jobs of `job_classes` can be enqueued by hand."""
        many = ports.listing, ports.bulk_operations
        return cls(
            queues=ListQueues(ports.figures),
            throughput=ShowThroughput(ports.figures),
            jobs=ListJobs(ports.listing),
            job=ShowJob(ports.inspection),
            workers=ListWorkers(ports.inspection),
            dead=ListDeadJobs(ports.dead_jobs),
            database=CheckDatabase(ports.health),
            diagnose=Diagnose(ports.health, ports.figures, ports.inspection, ports.listing),
            now=TellTime(ports.inspection),
            retry=RetryJob(ports.operations),
            retry_many=RetryJobs(*many),
            cancel=CancelJob(ports.operations),
            cancel_many=CancelJobs(*many),
            delete=DeleteJob(ports.operations),
            delete_many=DeleteJobs(*many),
            change=ChangeJob(ports.operations),
            pause=PauseQueue(ports.switch),
            resume=ResumeQueue(ports.switch),
            enqueue=EnqueueByHand(ports.intake, ports.inspection, ports.payloads, ports.telemetry, job_classes),
            prune=PruneJobs(*many),
        )
