"""Acting on jobs and queues: use cases, and the ports they need."""

from application.jobs.acting.bulk_operations import BulkOperations
from application.jobs.acting.cancel_job import CancelJob
from application.jobs.acting.cancel_jobs import CancelJobs
from application.jobs.acting.change_job import ChangeJob
from application.jobs.acting.delete_job import DeleteJob
from application.jobs.acting.delete_jobs import DeleteJobs
from application.jobs.acting.enqueue_by_hand import EnqueueByHand
from application.jobs.acting.hand_intake import HandIntake
from application.jobs.acting.job_operations import Cancelled, JobOperations
from application.jobs.acting.many_jobs import ManyJobs, Portion
from application.jobs.acting.pause_queue import PauseQueue
from application.jobs.acting.prune_jobs import PruneJobs, Retention
from application.jobs.acting.queue_switch import QueueSwitch
from application.jobs.acting.resume_queue import ResumeQueue
from application.jobs.acting.retry_job import RetryJob
from application.jobs.acting.retry_jobs import RetryJobs

__all__ = [
    "BulkOperations",
    "CancelJob",
    "CancelJobs",
    "Cancelled",
    "ChangeJob",
    "DeleteJob",
    "DeleteJobs",
    "EnqueueByHand",
    "HandIntake",
    "JobOperations",
    "ManyJobs",
    "PauseQueue",
    "Portion",
    "PruneJobs",
    "QueueSwitch",
    "ResumeQueue",
    "Retention",
    "RetryJob",
    "RetryJobs",
]
