"""The trap that pytest-bdd has for asynchronous steps, closed.

It calls a step and throws away what it returns. An `async def` step would return a coroutine that nobody awaits, and
the scenario would pass without a line of it having run.
"""

import inspect
from collections.abc import Callable


class AsyncStep(Exception):
    """A step was defined with `async def`."""

    def __init__(self, step_func: Callable[..., object]) -> None:
        super().__init__(
            f"the step {step_func.__qualname__} is asynchronous, so it would never run: "
            "define it with `def`, and run its coroutines with `theatre.play(...)`",
        )


def pytest_bdd_before_step_call(step_func: Callable[..., object]) -> None:
    """Refuse asynchronous steps. pytest-bdd calls this hook before every step."""
    undecorated = inspect.unwrap(step_func)
    if inspect.iscoroutinefunction(undecorated) or inspect.isasyncgenfunction(undecorated):
        raise AsyncStep(step_func)
