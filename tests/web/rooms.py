"""What a dashboard shows of a world."""

from adapters.memory import memory_control_room
from adapters.postgres import postgres_control_room
from application.jobs.control_room import ControlRoom
from tests.web.goods import JOB_CLASSES
from tests.worlds import MemoryWorld, PostgresWorld, World


def control_room_of(world: World) -> ControlRoom:
    """Return the use cases on a world, which know the jobs of the shop."""
    if isinstance(world, MemoryWorld):
        return memory_control_room(world.database, job_classes=JOB_CLASSES)
    assert isinstance(world, PostgresWorld)
    return postgres_control_room(world.pool, job_classes=JOB_CLASSES, clock=world.clock)
