"""The queue and the unit of work on PostgreSQL, with asyncpg."""

from adapters.postgres.acting.operations import PostgresOperations
from adapters.postgres.control_room import postgres_control_room
from adapters.postgres.looking.inspection import PostgresInspection
from adapters.postgres.looking.probe import PostgresProbe
from adapters.postgres.migrate import migrate
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.unit_of_work import PostgresUnitOfWork

__all__ = [
    "PostgresInspection",
    "PostgresOperations",
    "PostgresProbe",
    "PostgresQueue",
    "PostgresUnitOfWork",
    "migrate",
    "postgres_control_room",
]
