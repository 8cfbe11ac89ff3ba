"""The job funcs a queue knows, found by the type of job they take."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from datetime import timedelta
from typing import Any, get_args, get_origin, get_type_hints

from domain.jobs import (
    InvalidJobFunc,
    JobFunc,
    JobTypeAlreadyRegistered,
    RetryPolicy,
    former_job_types_of,
    job_type_of,
)

_EXPECTED = (
    "expected a callable with exactly one required parameter that is annotated with the job's dataclass, "
    "like `async def send_receipt(job: SendReceipt) -> None`, or with a list of it for a batch"
)

_BATCH_SIZE = 100
_LARGEST_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class RegisteredFunc:
    """A job func with what was said when it was registered."""

    call: JobFunc
    job_class: type[Any]
    is_async: bool
    retry: RetryPolicy
    timeout: timedelta | None
    batch_size: int | None
    """How many jobs it takes at once; None where it takes a single one."""


class JobFuncs:
    """One job func per type, former names of a type included."""

    def __init__(self) -> None:
        self._by_type: dict[str, RegisteredFunc] = {}
        self.version = 0
        """Grows with every registration."""

    def add(self, call: JobFunc, retry: RetryPolicy, timeout: timedelta | None, batch_size: int | None) -> None:
        """Register. Raises `InvalidJobFunc` or `JobTypeAlreadyRegistered` and changes nothing then."""
        job_class, takes_list = _job_class_of(call)
        _check_options(timeout, batch_size, takes_list=takes_list)
        size = (batch_size or _BATCH_SIZE) if takes_list else None
        registered = RegisteredFunc(call, job_class, _is_async(call), retry, timeout, size)
        names = (job_type_of(job_class), *former_job_types_of(job_class))
        for name in names:
            if name in self._by_type:
                raise JobTypeAlreadyRegistered(name)
        self._by_type.update(dict.fromkeys(names, registered))
        self.version += 1

    def __getitem__(self, job_type: str) -> RegisteredFunc:
        return self._by_type[job_type]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_type)

    def jobs_at_once(self) -> int:
        """Return how many jobs one call can take at most."""
        return max((func.batch_size or 1 for func in self._by_type.values()), default=1)

    def max_attempts(self) -> dict[str, int]:
        """Return the types, each with the attempts its retry policy allows."""
        return {name: func.retry.max_attempts for name, func in self._by_type.items()}


def _check_options(timeout: timedelta | None, batch_size: int | None, *, takes_list: bool) -> None:
    if timeout is not None and timeout <= timedelta(0):
        msg = f"the timeout of a job func must be longer than zero, not {timeout}"
        raise InvalidJobFunc(msg)
    if batch_size is not None and not takes_list:
        msg = "batch_size is for job funcs whose parameter is annotated with a list of jobs"
        raise InvalidJobFunc(msg)
    if batch_size is not None and not 1 <= batch_size <= _LARGEST_BATCH:
        msg = f"batch_size must be from 1 to {_LARGEST_BATCH}, not {batch_size}"
        raise InvalidJobFunc(msg)


def _job_class_of(call: object) -> tuple[type[Any], bool]:
    """Return the class of the jobs, and whether the job func takes a list of them."""
    if not callable(call) or isinstance(call, type):
        msg = f"{call!r:.100} is not a job func: {_EXPECTED}"
        raise InvalidJobFunc(msg)
    if inspect.isgeneratorfunction(_function_of(call)) or inspect.isasyncgenfunction(_function_of(call)):
        msg = f"{call!r:.100} yields, so calling it would run nothing: {_EXPECTED}"
        raise InvalidJobFunc(msg)
    required = _required_parameters(call)
    if len(required) != 1 or required[0].kind is inspect.Parameter.KEYWORD_ONLY:
        msg = f"{call!r:.100} has {len(required)} required parameters: {_EXPECTED}"
        raise InvalidJobFunc(msg)
    job_class = _annotation(call, required[0])
    takes_list = get_origin(job_class) is list
    if takes_list:
        (job_class,) = get_args(job_class)
    if not (isinstance(job_class, type) and is_dataclass(job_class)):
        msg = f"the parameter {required[0].name!r} of {call!r:.100} is not annotated with a dataclass: {_EXPECTED}"
        raise InvalidJobFunc(msg)
    return job_class, takes_list


def _required_parameters(call: Any) -> list[inspect.Parameter]:
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError) as error:
        msg = f"{call!r:.100} has no signature that can be read: {_EXPECTED}"
        raise InvalidJobFunc(msg) from error
    optional_kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [p for p in parameters if p.default is inspect.Parameter.empty and p.kind not in optional_kinds]


def _annotation(call: Any, parameter: inspect.Parameter) -> object:
    if not isinstance(parameter.annotation, str):
        return parameter.annotation
    function = _function_of(call)
    try:
        # A job class defined inside a function is found where the job func closes over it.
        local_names = inspect.getclosurevars(function).nonlocals
        return get_type_hints(function, localns=dict(local_names))[parameter.name]
    except (NameError, TypeError, KeyError) as error:
        msg = (
            f"the annotation {parameter.annotation!r} of {call!r:.100} cannot be resolved ({error}); "
            "define the job class at the top level of a module"
        )
        raise InvalidJobFunc(msg) from error


def _function_of(call: Any) -> Any:
    while hasattr(call, "func"):  # functools.partial, nested or not
        call = call.func
    if not (inspect.isfunction(call) or inspect.ismethod(call)):
        call = type(call).__call__
    return inspect.unwrap(getattr(call, "__func__", call))


def _is_async(call: Any) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(_function_of(call))
