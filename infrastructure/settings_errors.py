"""Errors of the settings for people: in a line, without a password."""

from collections.abc import Generator
from contextlib import contextmanager

from pydantic import ValidationError

from adapters.cli import WrongUse


@contextmanager
def understood_settings() -> Generator[None]:
    """Raise `WrongUse` where an environment variable that is read in the block is missing or wrong."""
    try:
        yield
    except ValidationError as error:
        # Without the values, one of which is a password.
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        told = (f"ARROWER_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in problems)
        raise WrongUse("; ".join(told)) from error
