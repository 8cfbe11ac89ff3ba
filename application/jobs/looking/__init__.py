"""Looking at queues, jobs and workers: use cases, the ports they need, and the records they return."""

from application.jobs.looking.check_database import CheckDatabase
from application.jobs.looking.count import Count
from application.jobs.looking.database_health import (
    ConnectionLimit,
    DatabaseHealth,
    DatabaseTrouble,
    HealthReport,
    HolderKind,
    IndexHealth,
    SnapshotHolder,
    TableHealth,
)
from application.jobs.looking.dead_jobs import MOST_GROUPS, DeadGroup, DeadJobs
from application.jobs.looking.inspection import JobInspection
from application.jobs.looking.job_filter import JobFilter
from application.jobs.looking.job_listing import JobListing, JobSummary, Picked, Position, Stretch
from application.jobs.looking.job_record import AttemptOutcome, AttemptRecord, JobRecord
from application.jobs.looking.list_dead_jobs import ListDeadJobs
from application.jobs.looking.list_jobs import JobPage, ListJobs
from application.jobs.looking.list_queues import ListQueues
from application.jobs.looking.list_workers import ListWorkers
from application.jobs.looking.queue_figures import RESOLUTION, Bucket, QueueFigures
from application.jobs.looking.queue_record import Durations, QueueRecord
from application.jobs.looking.show_job import JobView, ShowJob
from application.jobs.looking.show_throughput import ShowThroughput
from application.jobs.looking.tell_time import TellTime
from application.jobs.looking.waiting import Waiting, WaitingReason
from application.jobs.looking.worker_record import WorkerRecord

__all__ = [
    "MOST_GROUPS",
    "RESOLUTION",
    "AttemptOutcome",
    "AttemptRecord",
    "Bucket",
    "CheckDatabase",
    "ConnectionLimit",
    "Count",
    "DatabaseHealth",
    "DatabaseTrouble",
    "DeadGroup",
    "DeadJobs",
    "Durations",
    "HealthReport",
    "HolderKind",
    "IndexHealth",
    "JobFilter",
    "JobInspection",
    "JobListing",
    "JobPage",
    "JobRecord",
    "JobSummary",
    "JobView",
    "ListDeadJobs",
    "ListJobs",
    "ListQueues",
    "ListWorkers",
    "Picked",
    "Position",
    "QueueFigures",
    "QueueRecord",
    "ShowJob",
    "ShowThroughput",
    "SnapshotHolder",
    "Stretch",
    "TableHealth",
    "TellTime",
    "Waiting",
    "WaitingReason",
    "WorkerRecord",
]
