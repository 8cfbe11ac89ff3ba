"""Errors of the database for people: in a line, without a password."""

from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import unquote

import asyncpg

from adapters.cli import DatabaseRefused, DatabaseUnreachable, NotMigrated, WrongUse
from adapters.postgres.driver import NOT_MIGRATED, UNREACHABLE
from domain.jobs import JobsError

_HIDDEN = "***"


@contextmanager
def told_plainly(dsn: str) -> Generator[None]:
    """Raise what asyncpg raises in the block as a `CommandFailed`."""
    try:
        yield
    except (JobsError, BrokenPipeError):
        raise  # told already, and some are a ValueError or a TimeoutError, too; or nobody reads on what is written
    except NOT_MIGRATED as error:
        msg = f"the tables of the queue are missing or older than this code: run `arrower migrate` ({error})"
        raise NotMigrated(msg) from error
    except UNREACHABLE as error:
        msg = f"the database cannot be reached: {_hidden(str(error) or type(error).__name__, dsn)}"
        raise DatabaseUnreachable(msg) from error
    except asyncpg.PostgresError as error:
        msg = f"the database refused: {_hidden(str(error), dsn)}"
        raise DatabaseRefused(msg) from error
    except asyncpg.InterfaceError as error:
        msg = f"the database cannot be reached: {_hidden(str(error), dsn)}"
        raise DatabaseUnreachable(msg) from error


@contextmanager
def understood() -> Generator[None]:
    """Raise `WrongUse` where asyncpg, connecting in the block, cannot read the DSN."""
    try:
        yield
    except (asyncpg.ClientConfigurationError, ValueError) as error:
        # Its message would quote what it could not read, which may be a part of the password.
        msg = "that is no DSN: postgresql://user:password@host:5432/database, with special characters as %40"
        raise WrongUse(msg) from error


def _hidden(text: str, dsn: str) -> str:
    password = dsn.partition("://")[2].rpartition("@")[0].partition(":")[2]
    for secret in {password, unquote(password)} - {""}:
        text = text.replace(secret, _HIDDEN)
    return text
