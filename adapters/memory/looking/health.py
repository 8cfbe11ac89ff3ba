"""There is no database server."""

from application.jobs.looking import DatabaseHealth, DatabaseTrouble, HealthReport


class InMemoryHealth(DatabaseHealth):
    """Has nothing to report: jobs are in the memory of this process."""

    async def report(self) -> HealthReport | None:
        return None

    def trouble(self, error: Exception) -> DatabaseTrouble | None:  # noqa: ARG002  # there is no database
        return None
