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


class Settings(BaseSettings):
    """How this process works its queues."""

    model_config = SettingsConfigDict(env_prefix="ARROWER_", frozen=True)

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
