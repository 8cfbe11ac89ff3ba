"""The command `arrower`, on PostgreSQL; `python -m infrastructure.command_line` is the same."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
from pydantic import SecretStr

from adapters.cli import HealthQuestion, Program, Serving, WorkOrder, WrongUse, command_line
from adapters.postgres import migrate, postgres_control_room
from adapters.postgres.driver import Pool
from application.jobs.control_room import ControlRoom
from infrastructure.containers.application import JOB_CLASSES
from infrastructure.dashboard import CannotListen, options_from, serve_dashboard
from infrastructure.database_errors import told_plainly, understood
from infrastructure.health import NO_PORT, answered
from infrastructure.logs import configure_logging
from infrastructure.settings import DashboardSettings, HealthSettings
from infrastructure.settings_errors import understood_settings
from infrastructure.working import work

_CONNECTIONS = 2
_PATIENCE = 10.0


class PostgresProgram(Program):
    """Connects when it is asked to, and not before."""

    @asynccontextmanager
    async def control_room(self, dsn: str) -> AsyncGenerator[ControlRoom]:
        """Connect for the length of a block."""
        async with _connected(dsn) as pool:
            yield postgres_control_room(pool, job_classes=JOB_CLASSES)

    async def migrate(self, dsn: str) -> None:
        """Take the steps that are missing."""
        async with _connected(dsn) as pool:
            await migrate(pool)

    def work(self, dsn: str | None, order: WorkOrder) -> int:
        """Work in this process, or in several."""
        return work(dsn, order)

    async def serve_dashboard(self, dsn: str, serving: Serving) -> None:
        """Serve what the environment says, but for what is said here."""
        with understood_settings():
            settings = DashboardSettings(dsn=SecretStr(dsn))
        chosen = {"dashboard_host": serving.host, "dashboard_port": serving.port, "dashboard_actions": serving.actions}
        settings = settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
        configure_logging(settings.log_level)
        async with _connected(dsn):
            pass  # better now than on the first page
        host, port = settings.dashboard_host, settings.dashboard_port
        try:
            await serve_dashboard(dsn, options_from(settings), host=host, port=port)
        except CannotListen as error:
            raise WrongUse(str(error)) from error

    def ask_health(self, question: HealthQuestion) -> bool:
        """Ask where the environment says, but for what is said here."""
        with understood_settings():
            settings = HealthSettings()
        port = settings.health_port if question.port is None else question.port
        if port is None:
            raise WrongUse(NO_PORT)
        return answered(question.name, question.host or settings.health_host, port)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncGenerator[Pool]:
    with told_plainly(dsn):
        pool = asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_PATIENCE,
            statement_cache_size=0,  # a pooler may lead each statement to another session
            server_settings={"application_name": "arrower"},
        )
        with understood():
            await pool
        async with pool:
            yield pool


def main() -> None:
    """Do what the arguments say."""
    command_line(PostgresProgram())(prog_name="arrower")


if __name__ == "__main__":
    main()
