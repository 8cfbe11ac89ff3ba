"""Resuming a queue."""

from application.jobs.acting.queue_switch import QueueSwitch


class ResumeQueue:
    """Lets a paused queue go on."""

    def __init__(self, switch: QueueSwitch) -> None:
        self._switch = switch

    async def __call__(self, queue: str) -> bool:
        """Let workers take jobs from the queue again, at once. False: it was not paused."""
        return await self._switch.resume(queue)
