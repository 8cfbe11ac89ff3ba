"""What can be set from outside."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from infrastructure.settings import PostgresSettings, Settings

DSN = "postgresql://shop:open-sesame@db.example/shop"


def test_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """By names that begin with ARROWER_."""
    monkeypatch.setenv("ARROWER_DSN", DSN)
    monkeypatch.setenv("ARROWER_POOL_NAME", "worker-1")
    monkeypatch.setenv("ARROWER_POOL_SIZE", "25")
    monkeypatch.setenv("ARROWER_LEASE", "45")

    settings = PostgresSettings()  # type: ignore[call-arg]  # the environment gives the rest

    assert (settings.pool_name, settings.pool_size, settings.lease) == ("worker-1", 25, timedelta(seconds=45))
    assert settings.dsn.get_secret_value() == DSN


def test_keeps_the_password_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs the settings does not log the password, nor the rest of the address."""
    monkeypatch.setenv("ARROWER_DSN", DSN)

    settings = PostgresSettings()  # type: ignore[call-arg]  # as above

    shown = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert "open-sesame" not in shown
    assert "db.example" not in shown


def test_postgres_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the error names it."""
    monkeypatch.delenv("ARROWER_DSN", raising=False)

    with pytest.raises(ValidationError, match="dsn"):
        PostgresSettings()  # type: ignore[call-arg]  # as above


def test_refuses_a_pool_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least one job at a time."""
    monkeypatch.setenv("ARROWER_POOL_SIZE", "0")

    with pytest.raises(ValidationError, match="pool_size"):
        Settings()
