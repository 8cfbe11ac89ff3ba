"""The port of a unit of work."""

from abc import abstractmethod
from types import TracebackType
from typing import Protocol


class UnitOfWork(Protocol):
    """Several writes, and the jobs they cause, as one commit.

    ::

        async with unit_of_work:
            await orders.add(order)
            await queue.enqueue(SendReceipt(order.id))

    One object serves any number of tasks at the same time; each task that enters has a unit of its
    own. Entering again inside a unit, or in a job func, joins the unit that is already there: leaving
    the inner block does not commit, and an inner block left by an exception dooms the whole unit.
    """

    @abstractmethod
    async def __aenter__(self) -> object:
        """Begin, or join. Returns what the adapter's repositories write through."""

    @abstractmethod
    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit on a clean exit of the outermost block; roll back on any exception or cancellation.

        Inside a job func nothing is committed here: finishing the job does.

        Raises `UnitOfWorkFailed` where the block ended well but the unit could not be committed, as
        after an error inside that was swallowed. Nothing is written then.
        """
