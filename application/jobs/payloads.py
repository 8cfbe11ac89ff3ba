"""The port between jobs as objects and jobs as text."""

from abc import abstractmethod
from typing import Protocol, TypeVar

JobT = TypeVar("JobT")


class Payloads(Protocol):
    """Turns a job into JSON text and back. A job that was encoded comes back equal, or is refused."""

    @abstractmethod
    def encode(self, job: object) -> str:
        """Return the fields of a dataclass instance as a JSON object.

        Raises `UnrepresentablePayload` for what would not come back equal, and `PayloadTooLarge`.
        """

    @abstractmethod
    def decode(self, payload: str, job_class: type[JobT]) -> JobT:
        """Return an instance of `job_class`.

        Raises `UnreadablePayload` where the text is not JSON or does not fit the class.
        """
