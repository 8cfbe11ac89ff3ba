"""The port for stopping and starting queues."""

from abc import abstractmethod
from typing import Protocol


class QueueSwitch(Protocol):
    """Pauses and resumes. Enqueueing goes on meanwhile, and so do the jobs that workers hold already."""

    @abstractmethod
    async def pause(self, queue: str) -> bool:
        """Let nobody take jobs from the queue. False: it was paused already."""

    @abstractmethod
    async def resume(self, queue: str) -> bool:
        """Let workers take jobs again, and wake them. False: it was not paused."""
