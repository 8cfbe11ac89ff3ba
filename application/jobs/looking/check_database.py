"""Checking the database server."""

from application.jobs.looking.database_health import DatabaseHealth, DatabaseTrouble, HealthReport


class CheckDatabase:
    """Tells what usually goes wrong with a database that holds queues."""

    def __init__(self, health: DatabaseHealth) -> None:
        self._health = health

    async def __call__(self) -> HealthReport | None:
        """Return the state of the server; None where jobs are kept without one."""
        return await self._health.report()

    def trouble(self, error: Exception) -> DatabaseTrouble | None:
        """Tell what an error of any use case says of the database; None where it says nothing."""
        return self._health.trouble(error)
