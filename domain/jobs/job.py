"""What can be enqueued."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol


class Job(Protocol):
    """An instance of any dataclass. Nothing is inherited, decorated or implemented for the queue."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
