"""The use cases for whoever runs the queues, on PostgreSQL."""

from collections.abc import Iterable

from adapters.payloads import PydanticPayloads
from adapters.postgres.acting.bulk_operations import PostgresBulkOperations
from adapters.postgres.acting.hand_intake import PostgresHandIntake
from adapters.postgres.acting.operations import PostgresOperations
from adapters.postgres.acting.queue_switch import PostgresQueueSwitch
from adapters.postgres.driver import Pool
from adapters.postgres.looking.dead_jobs import PostgresDeadJobs
from adapters.postgres.looking.health import PostgresHealth
from adapters.postgres.looking.inspection import PostgresInspection
from adapters.postgres.looking.job_listing import PostgresJobListing
from adapters.postgres.looking.queue_figures import PostgresQueueFigures
from adapters.telemetry import OpenTelemetry
from application.jobs.control_room import ControlRoom, Instruments
from domain.jobs import Clock


def postgres_control_room(
    pool: Pool,
    *,
    job_classes: Iterable[type[object]] = (),
    schema: str = "arrower",
    clock: Clock | None = None,
) -> ControlRoom:
    """Return the use cases on the queues in `schema`; jobs of `job_classes` can be enqueued by hand.

    Reading needs no more than a role that may read the tables. `clock` replaces the database's time, for tests.
    """
    return ControlRoom.of(
        Instruments(
            inspection=PostgresInspection(pool, schema=schema, clock=clock),
            listing=PostgresJobListing(pool, schema=schema),
            figures=PostgresQueueFigures(pool, schema=schema, clock=clock),
            dead_jobs=PostgresDeadJobs(pool, schema=schema),
            health=PostgresHealth(pool, schema=schema, clock=clock),
            operations=PostgresOperations(pool, schema=schema, clock=clock),
            bulk_operations=PostgresBulkOperations(pool, schema=schema, clock=clock),
            switch=PostgresQueueSwitch(pool, schema=schema, clock=clock),
            intake=PostgresHandIntake(pool, schema=schema, clock=clock),
            payloads=PydanticPayloads(),
            telemetry=OpenTelemetry(),
        ),
        job_classes,
    )
