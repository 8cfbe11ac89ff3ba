"""Telemetry never fails a job, nor an enqueue: exporters, samplers and processors are the application's."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

SelfT = TypeVar("SelfT")
Arguments = ParamSpec("Arguments")

logger = logging.getLogger("arrower.telemetry")


def never_failing(
    method: Callable[Concatenate[SelfT, Arguments], None],
) -> Callable[Concatenate[SelfT, Arguments], None]:
    """Let a method of telemetry log what it raises."""

    @wraps(method)
    def guarded(self: SelfT, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except Exception:  # whatever it is, it concerns nobody here
            logger.debug("telemetry failed", exc_info=True)

    return guarded
