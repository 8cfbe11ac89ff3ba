"""What can be set from outside: by environment variables that begin with `ARROWER_`."""

from datetime import timedelta

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this process works its queues. Durations are seconds, or ISO 8601 (`PT30S`)."""

    model_config = SettingsConfigDict(env_prefix="ARROWER_", frozen=True)

    pool_name: str | None = None
    """Under which name the workers of this process are listed; a random one if not set."""
    pool_size: int = Field(default=10, ge=1, le=1_000)
    """Jobs of each queue that run at the same time."""
    poll_interval: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(seconds=30)
    """After this long without a sign of life a worker is taken for dead."""
    version: str = "unknown"
    """Of the application, shown with its workers."""
    log_level: str = "INFO"


class PostgresSettings(Settings):
    """Those, and where the database is."""

    dsn: SecretStr
    """`postgresql://user:password@host/database`. Never logged or shown."""
