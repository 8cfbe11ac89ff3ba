"""The queue and the unit of work on PostgreSQL, with asyncpg."""

from adapters.postgres.inspection import PostgresInspection
from adapters.postgres.migrate import migrate
from adapters.postgres.operations import PostgresOperations
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.unit_of_work import PostgresUnitOfWork

__all__ = ["PostgresInspection", "PostgresOperations", "PostgresQueue", "PostgresUnitOfWork", "migrate"]
