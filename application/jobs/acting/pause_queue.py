"""Pausing a queue."""

from application.jobs.acting.queue_switch import QueueSwitch
from application.jobs.options import check_queue_name


class PauseQueue:
    """Stops the work of a queue, and not what is at work."""

    def __init__(self, switch: QueueSwitch) -> None:
        self._switch = switch

    async def __call__(self, queue: str) -> bool:
        """Let nobody take jobs from the queue until it is resumed. False: it was paused already.

        Jobs go on being enqueued; those that workers hold already, go on. A queue of this name need not
        exist yet. Raises `InvalidQueueOption` for an impossible name.
        """
        check_queue_name(queue)
        return await self._switch.pause(queue)
