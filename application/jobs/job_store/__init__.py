"""The port between the worker runtime and wherever the jobs of one queue are kept, one file for each of its clients."""

from application.jobs.job_store.claims import ClaimedJob, JobClaims, Promotion
from application.jobs.job_store.intake import Enqueueing, JobIntake, NewJob
from application.jobs.job_store.settlements import (
    CALLED_OFF,
    AttemptTransaction,
    EndedAttempt,
    ErrorReport,
    Settlements,
)
from application.jobs.job_store.store import JobStore, PoolSignals, Surveys
from application.jobs.job_store.worker_id import WorkerId
from application.jobs.job_store.workers import Maintenance, Registration, RescuedJobs, Workers

__all__ = [
    "CALLED_OFF",
    "AttemptTransaction",
    "ClaimedJob",
    "EndedAttempt",
    "Enqueueing",
    "ErrorReport",
    "JobClaims",
    "JobIntake",
    "JobStore",
    "Maintenance",
    "NewJob",
    "PoolSignals",
    "Promotion",
    "Registration",
    "RescuedJobs",
    "Settlements",
    "Surveys",
    "WorkerId",
    "Workers",
]
