"""Calling a job func: within its timeout, and in a thread where it is a plain function."""

import asyncio
import contextvars
import inspect
from typing import Any

from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_threads import JobThreads
from domain.jobs import JobTimedOut


async def call_job_func(func: RegisteredFunc, argument: Any, threads: JobThreads) -> None:
    """Call it. Raises whatever it raises, and `JobTimedOut`."""
    if func.timeout is None:
        await _call(func, argument, threads)
        return
    limit = asyncio.timeout(func.timeout.total_seconds())
    try:
        async with limit:
            await _call(func, argument, threads)
    except TimeoutError as error:
        if limit.expired():
            raise JobTimedOut(func.timeout) from error
        raise
    if limit.expired():  # it swallowed the cancellation
        raise JobTimedOut(func.timeout)


async def _call(func: RegisteredFunc, argument: Any, threads: JobThreads) -> None:
    if func.is_async:
        await func.call(argument)
        return
    context = contextvars.copy_context()
    error, result = await threads.call(lambda: context.run(_outcome, func, argument))
    if error is not None:
        raise error
    if inspect.isawaitable(result):
        await result


def _outcome(func: RegisteredFunc, argument: Any) -> tuple[BaseException | None, object]:
    try:
        return None, func.call(argument)
    except BaseException as error:  # noqa: BLE001  # it travels as a value, to be raised where it is waited for
        return error, None
