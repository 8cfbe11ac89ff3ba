"""What can be set from outside: by environment variables that begin with `ARROWER_`."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _seconds(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


Duration = Annotated[timedelta, BeforeValidator(_seconds)]
"""Seconds, or ISO 8601: `30` or `PT30S`."""


class HealthSettings(BaseSettings):
    """Where a worker process tells how it does."""

    model_config = SettingsConfigDict(env_prefix="ARROWER_", frozen=True)

    health_port: int | None = Field(default=None, ge=0, le=65_535)
    """Nowhere, if not set; 0 is any free port."""
    health_host: str = "127.0.0.1"
    """Reached from this machine alone; `0.0.0.0` in a container that is asked from outside."""


class Settings(HealthSettings):
    """How this process works its queues."""

    pool_name: str | None = None
    """Under which name the workers of this process are listed; a random one if not set."""
    pool_size: int = Field(default=10, ge=1, le=1_000)
    """Jobs of each queue that run at the same time."""
    poll_interval: Duration = timedelta(seconds=5)
    lease: Duration = timedelta(seconds=30)
    """After this long without a sign of life a worker is taken for dead."""
    version: str = "unknown"
    """Of the application, shown with its workers."""
    log_level: str = "INFO"


class PostgresSettings(Settings):
    """Those, and where the database is."""

    dsn: SecretStr
    """`postgresql://user:password@host/database`. Never logged or shown."""


class DashboardSettings(PostgresSettings):
    """Those, and how the dashboard is served."""

    dashboard_host: str = "127.0.0.1"
    """The address to listen on: this machine alone, unless told otherwise."""
    dashboard_port: int = Field(default=8420, ge=0, le=65_535)
    dashboard_hosts: tuple[str, ...] = ()
    """The names under which it answers, as JSON: `["jobs.example.org"]`; those of this machine if there are none."""
    dashboard_actions: bool = False
    """Whether visitors may act."""
    dashboard_masked: tuple[str, ...] | None = None
    """The names of payload fields that are not shown, as JSON: `["*password*", "iban"]`; None is what sounds secret."""
    dashboard_secret: SecretStr | None = None
    """Signs forms; several processes behind one address need the same. Random if not set."""
