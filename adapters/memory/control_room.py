"""The use cases for whoever runs the queues, on a database in memory."""

from collections.abc import Iterable

from adapters.memory.acting.bulk_operations import InMemoryBulkOperations
from adapters.memory.acting.hand_intake import InMemoryHandIntake
from adapters.memory.acting.operations import InMemoryOperations
from adapters.memory.acting.queue_switch import InMemoryQueueSwitch
from adapters.memory.database import InMemoryDatabase
from adapters.memory.looking.dead_jobs import InMemoryDeadJobs
from adapters.memory.looking.health import InMemoryHealth
from adapters.memory.looking.inspection import InMemoryInspection
from adapters.memory.looking.job_listing import InMemoryJobListing
from adapters.memory.looking.queue_figures import InMemoryQueueFigures
from adapters.payloads import PydanticPayloads
from adapters.telemetry import OpenTelemetry
from application.jobs.control_room import ControlRoom, Instruments


def memory_control_room(database: InMemoryDatabase, job_classes: Iterable[type[object]] = ()) -> ControlRoom:
    """Return the use cases on `database`; jobs of `job_classes` can be enqueued by hand."""
    return ControlRoom.of(
        Instruments(
            inspection=InMemoryInspection(database),
            listing=InMemoryJobListing(database),
            figures=InMemoryQueueFigures(database),
            dead_jobs=InMemoryDeadJobs(database),
            health=InMemoryHealth(),
            operations=InMemoryOperations(database),
            bulk_operations=InMemoryBulkOperations(database),
            switch=InMemoryQueueSwitch(database),
            intake=InMemoryHandIntake(database),
            payloads=PydanticPayloads(),
            telemetry=OpenTelemetry(),
        ),
        job_classes,
    )
