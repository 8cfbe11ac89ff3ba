"""The port of a queue: enqueue jobs, and run them."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Protocol, Self

from domain.jobs.enqueuer import Enqueuer
from domain.jobs.retry_policy import RetryPolicy

JobFunc = Callable[[Any], Any]
"""Takes one job, annotated with its class, or a list. `async def`, or plain `def`, which runs in a thread."""

DEFAULT_RETRY = RetryPolicy()
DEFAULT_GRACE = timedelta(seconds=30)


class Queue(Enqueuer, Protocol):
    """One named queue, with a pool of workers in this process once a job func is registered."""

    @abstractmethod
    async def register_job_func(
        self,
        job_func: JobFunc,
        *,
        retry: RetryPolicy = DEFAULT_RETRY,
        timeout: timedelta | None = None,
        batch_size: int | None = None,
    ) -> None:
        """Let this process run the jobs of one type, and start the pool if it does not run yet.

        The type is that of the only required parameter, which must be annotated with a dataclass.
        Registering while the pool runs needs no restart and disturbs no running job; jobs of the
        type that were enqueued before are run, too. Does not wait for the database: while that is
        away the pool keeps trying, and says so in the log.

        `timeout` bounds one attempt; None is no bound. A plain `def` that runs over it is counted as
        failed, but its thread cannot be stopped: it goes on beside the next attempt, outside the pool's
        size, and the log counts such threads. Let what it waits for have a limit of its own.

        Annotated with a list of a dataclass, the job func takes up to `batch_size` jobs (100 where None
        is given) of that type at once, in one transaction with their completion: all or none. It takes
        what is ready and does not wait for more. When it fails, each of the jobs counts one attempt, and
        they are tried again one by one, so that a bad one does not hold up the rest. `current_job()` is
        only there where the job func takes a single job.

        Raises `InvalidJobFunc` or `JobTypeAlreadyRegistered`; the pool then goes on as it was.
        """

    @abstractmethod
    async def shutdown(self, grace: timedelta = DEFAULT_GRACE) -> None:
        """Stop running jobs: take no new ones, let the running ones finish and commit.

        Jobs still running after `grace` are cancelled; they and the jobs not yet started are
        available again at once, without an attempt counted. Enqueue works as before.

        Without a running pool this returns at once; a second call is a no-op. When the call itself is
        cancelled, the running jobs are cancelled without waiting for the rest of the grace.
        """

    async def __aenter__(self) -> Self:
        """Return the queue; leaving the block shuts it down."""
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Shut down with the default grace."""
        await self.shutdown()
