"""Everything that can go wrong with a queue, as one tree.

::

    JobsError
    ├── EnqueueFailed                 nothing was written, unless the connection was lost
    │   ├── InvalidJob                not a dataclass instance, or a list without jobs
    │   ├── UnrepresentablePayload    a value that JSON and PostgreSQL cannot hold
    │   ├── PayloadTooLarge           over the size limit
    │   ├── InvalidPriority           not a 16-bit integer
    │   └── InvalidRunAt              not a timezone-aware instant
    ├── RegisterJobFuncFailed         the pool goes on as it was
    │   ├── InvalidJobFunc            not callable, or the job it takes cannot be told
    │   └── JobTypeAlreadyRegistered  one job func per type and queue
    ├── InvalidQueueOption            a queue name, size or duration out of range
    ├── QueueNotMigrated              what the queue is stored in is missing, or older than this code
    ├── UnreadablePayload             a stored payload does not fit its class: the job ends dead
    ├── UnitOfWorkFailed              the unit of work was rolled back instead of committed
    │   └── AttemptLost               another attempt owns the job; nothing of this one was written
    ├── NoCurrentJob                  `current_job()` outside a job func
    ├── JobTimedOut                   a job func ran longer than its timeout
    ├── WorkerDied                    recorded as the error of an attempt whose worker vanished
    ├── JobNotFound                   no job has this id
    ├── WrongJobState                 the job is not in a state that allows the operation
    └── InvalidRequest                whoever runs the queues asked for what cannot be
        └── UnknownJobType            a job of this type cannot be checked
"""

from collections.abc import Sequence
from datetime import timedelta

from domain.jobs.job_id import JobId


class JobsError(Exception):
    """Root of all errors the queue raises on purpose."""


class EnqueueFailed(JobsError):
    """The jobs were not enqueued.

    Inside a unit of work the unit stays usable when the input was refused; when the database
    refused the statement (the cause tells), the unit can only be rolled back. Where the connection
    was lost (the cause is an error of the connection) outside a unit of work, it is open whether the
    jobs exist, as after any commit whose answer does not arrive: all of them do, or none.
    """


class InvalidJob(EnqueueFailed, TypeError):
    """What was given is not a job: a job is an instance of a dataclass."""


class UnrepresentablePayload(EnqueueFailed, ValueError):
    """A field holds a value that would not come back equal from storage."""

    def __init__(self, job_type: str, reason: str) -> None:
        super().__init__(f"a job of type {job_type!r} cannot be stored: {reason}")
        self.job_type = job_type
        self.reason = reason


class PayloadTooLarge(EnqueueFailed, ValueError):
    """The encoded payload is larger than the queue accepts. Sizes are bytes of UTF-8."""

    def __init__(self, job_type: str, size: int, limit: int) -> None:
        super().__init__(
            f"the payload of a job of type {job_type!r} has {size} bytes, the limit is {limit}: "
            "store the data elsewhere and enqueue a reference to it",
        )
        self.job_type = job_type
        self.size = size
        self.limit = limit


class InvalidPriority(EnqueueFailed, ValueError):
    """The priority is not an integer from -32768 (first) to 32767 (last)."""


class InvalidRunAt(EnqueueFailed, ValueError):
    """The earliest start is not a timezone-aware datetime that PostgreSQL can hold."""


class RegisterJobFuncFailed(JobsError):
    """The job func was not registered; funcs registered before are not affected."""


class InvalidJobFunc(RegisterJobFuncFailed, TypeError):
    """The object cannot be used as a job func; the message says what is expected."""


class JobTypeAlreadyRegistered(RegisterJobFuncFailed, ValueError):
    """This queue already has a job func for the type."""

    def __init__(self, job_type: str) -> None:
        super().__init__(f"the job type {job_type!r} already has a job func on this queue")
        self.job_type = job_type


class InvalidQueueOption(JobsError, ValueError):
    """An option of a queue is out of its range."""


class QueueNotMigrated(JobsError):
    """What the queue is stored in is missing, or older than this code; migrating it helps."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "the tables of the queue are missing or older than this code: "
            f"call migrate(), or run `arrower migrate` ({reason})"
        )
        self.reason = reason


class UnreadablePayload(JobsError):
    """A stored payload cannot be turned into the job class that is registered for its type."""

    def __init__(self, job_type: str, reason: str) -> None:
        super().__init__(f"the stored payload does not fit the job type {job_type!r}: {reason}")
        self.job_type = job_type
        self.reason = reason


class UnitOfWorkFailed(JobsError):
    """The unit of work ended in a rollback although its block ended well. Nothing was written."""


class AttemptLost(UnitOfWorkFailed):
    """This attempt no longer owns its job, so nothing it did through its unit of work was written.

    The worker was taken for dead (frozen or cut off for longer than its lease) and the job was
    given to another, or the attempt has already ended and a task it left behind still tries to write.
    """

    def __init__(self, job_id: JobId, attempt: int) -> None:
        super().__init__(f"attempt {attempt} of job {job_id} no longer owns the job")
        self.job_id = job_id
        self.attempt = attempt


class NoCurrentJob(JobsError, LookupError):
    """`current_job()` was called where no job func is running."""


class JobTimedOut(JobsError, TimeoutError):
    """The job func did not finish within the timeout it was registered with."""

    def __init__(self, timeout: timedelta) -> None:
        super().__init__(f"the job func did not finish within its timeout of {timeout.total_seconds():g} s")
        self.timeout = timeout


class WorkerDied(JobsError):
    """The worker of an attempt vanished or froze; the attempt counts, its writes were rolled back."""


class JobNotFound(JobsError, LookupError):
    """No job has this id: it never existed, was rolled back, or was pruned."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(f"there is no job {job_id}")
        self.job_id = job_id


class WrongJobState(JobsError):
    """The job exists, but not in a state that allows the operation."""

    def __init__(self, job_id: JobId, state: str, expected: str) -> None:
        super().__init__(f"job {job_id} is {state}; only {expected} jobs allow this")
        self.job_id = job_id
        self.state = state


class InvalidRequest(JobsError, ValueError):
    """Whoever runs the queues asked for what cannot be; nothing was changed. The message names the problem."""


class UnknownJobType(InvalidRequest):
    """A job of this type cannot be checked, so it was not enqueued."""

    def __init__(self, job_type: str, known: Sequence[str], known_to_workers: Sequence[str]) -> None:
        message = f"the job type {job_type!r} is not known here; known are: {', '.join(known) or 'none'}"
        if known_to_workers:
            message += f"; living workers know, unchecked: {', '.join(known_to_workers)}"
        super().__init__(message)
        self.job_type = job_type
        self.known = tuple(known)
        self.known_to_workers = tuple(known_to_workers)
