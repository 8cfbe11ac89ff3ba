"""The language of the queue: its ports, its values, its errors."""

from domain.jobs.clock import Clock
from domain.jobs.current_job import CurrentJob, current_job
from domain.jobs.enqueuer import Enqueuer
from domain.jobs.errors import (
    AttemptLost,
    EnqueueFailed,
    InvalidJob,
    InvalidJobFunc,
    InvalidPriority,
    InvalidQueueOption,
    InvalidRequest,
    InvalidRunAt,
    JobNotFound,
    JobsError,
    JobTimedOut,
    JobTypeAlreadyRegistered,
    NoCurrentJob,
    PayloadTooLarge,
    QueueNotMigrated,
    RegisterJobFuncFailed,
    UnitOfWorkFailed,
    UnknownJobType,
    UnreadablePayload,
    UnrepresentablePayload,
    WorkerDied,
    WrongJobState,
)
from domain.jobs.job import Job
from domain.jobs.job_id import JobId
from domain.jobs.job_state import JobState
from domain.jobs.job_type import former_job_types_of, job_type_of
from domain.jobs.queue import JobFunc, Queue
from domain.jobs.retry_policy import RetryPolicy
from domain.jobs.signals import Discard, Snooze
from domain.jobs.unit_of_work import UnitOfWork

__all__ = [
    "AttemptLost",
    "Clock",
    "CurrentJob",
    "Discard",
    "EnqueueFailed",
    "Enqueuer",
    "InvalidJob",
    "InvalidJobFunc",
    "InvalidPriority",
    "InvalidQueueOption",
    "InvalidRequest",
    "InvalidRunAt",
    "Job",
    "JobFunc",
    "JobId",
    "JobNotFound",
    "JobState",
    "JobTimedOut",
    "JobTypeAlreadyRegistered",
    "JobsError",
    "NoCurrentJob",
    "PayloadTooLarge",
    "Queue",
    "QueueNotMigrated",
    "RegisterJobFuncFailed",
    "RetryPolicy",
    "Snooze",
    "UnitOfWork",
    "UnitOfWorkFailed",
    "UnknownJobType",
    "UnreadablePayload",
    "UnrepresentablePayload",
    "WorkerDied",
    "WrongJobState",
    "current_job",
    "former_job_types_of",
    "job_type_of",
]
