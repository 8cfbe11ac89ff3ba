"""The port that carries the caller's context (trace, baggage) with a job."""

from abc import abstractmethod
from typing import Protocol


class Propagation(Protocol):
    """Takes the context down at enqueue and puts it up again around the job func."""

    @abstractmethod
    def capture(self) -> str | None:
        """Return the calling context as JSON text, or None where there is nothing to carry."""

    @abstractmethod
    def restore(self, carrier: str | None) -> None:
        """Make the carried context the current one, for the rest of the calling context's life.

        A carrier that cannot be read is treated as none: tracing never fails a job.
        """
