"""Commands that have options in common: each says what is its own, and gets the others."""

import inspect
from collections.abc import Callable, Collection
from typing import Any


def with_options_of(
    common: Callable[..., None], own: Callable[..., Any] | None = None, *, without: Collection[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let typer see the parameters of `own` and of `common`, but for those `without`, as those of a command."""

    def dress(command: Callable[..., None]) -> Callable[..., None]:
        parts = [function for function in (own, common) if function is not None]
        parameters = [
            parameter
            for function in parts
            for name, parameter in inspect.signature(function).parameters.items()
            if name not in without
        ]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return dress
