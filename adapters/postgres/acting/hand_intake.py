"""Enqueueing to any queue."""

from adapters.postgres.database_time import DatabaseTime
from adapters.postgres.driver import Pool
from adapters.postgres.intake import Intake
from adapters.postgres.schema import Schema
from application.jobs.acting import HandIntake
from application.jobs.job_store import Enqueueing
from domain.jobs import Clock, JobId


class PostgresHandIntake(HandIntake):
    """Writes jobs, in the unit of work of the calling context where one is open on the pool."""

    def __init__(self, pool: Pool, *, schema: str = "arrower", clock: Clock | None = None) -> None:
        """Enqueue to the queues in `schema`. `clock` replaces the database's time, for tests."""
        self._pool = pool
        self._schema = Schema(schema)
        self._time = DatabaseTime(clock)

    async def enqueue(self, queue: str, enqueueing: Enqueueing) -> list[JobId]:
        return await Intake(self._pool, self._schema, self._time, queue).enqueue(enqueueing)
