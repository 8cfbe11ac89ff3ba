"""What a worker works: the queues of a container, or whatever opens queues."""

import importlib
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from dependency_injector.containers import DeclarativeContainer, DynamicContainer

from domain.jobs import Queue
from infrastructure.containers import ApplicationContainer
from infrastructure.health import telling_health
from infrastructure.job_funcs import register_job_funcs

Workshop = Callable[[Collection[str]], AbstractAsyncContextManager[Sequence[Queue]]]
"""Opens the queues of these names, of all where there is none, with their job funcs registered.

While the block lasts they work; they are shut down before it is left."""


class WorkshopNotFound(Exception):
    """What was named cannot be imported, or is nothing that a worker could work."""


def container_workshop(container: ApplicationContainer) -> Workshop:
    """Return the queues of a container, with the job funcs of the application."""

    @asynccontextmanager
    async def open_queues(names: Collection[str]) -> AsyncGenerator[Sequence[Queue]]:
        async with container.resources():
            queues = await register_job_funcs(container, names)
            async with telling_health(container.settings(), container.probe(), queues):
                yield queues

    return open_queues


def find_workshop(target: str) -> Workshop:
    """Return what `MODULE:NAME` means: a container, its class, or a `Workshop`.

    Modules are found where Python finds them, and in the current folder. Raises `WorkshopNotFound`.
    """
    module_name, _, name = target.partition(":")
    if not module_name or not name:
        msg = f"{target!r} is not MODULE:NAME, like infrastructure.containers:PostgresContainer"
        raise WorkshopNotFound(msg)
    found: Any = _imported(module_name)
    for part in name.split("."):
        if not hasattr(found, part):
            msg = f"the module {module_name} has no {name}"
            raise WorkshopNotFound(msg)
        found = getattr(found, part)
    return _workshop_of(found, target)


def _imported(name: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            msg = f"there is no module {name} here"
            raise WorkshopNotFound(msg) from error
        raise _broken(name, error) from error
    except Exception as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> WorkshopNotFound:
    place = traceback.extract_tb(error.__traceback__)[-1]
    msg = f"the module {name} cannot be imported: {type(error).__name__}: {error} ({place.filename}:{place.lineno})"
    return WorkshopNotFound(msg)


def _workshop_of(named: object, target: str) -> Workshop:
    found = cast("Callable[[], object]", named)() if _is_container_class(named) else named
    if isinstance(found, DynamicContainer | DeclarativeContainer):
        return container_workshop(cast("ApplicationContainer", found))
    if not callable(found):
        msg = f"{target} is neither a container nor something that opens queues"
        raise WorkshopNotFound(msg)
    return _checked(cast("Callable[[Collection[str]], object]", found), target)


def _checked(named: Callable[[Collection[str]], object], target: str) -> Workshop:
    """Nothing of an async context manager runs before it is entered: what goes wrong sooner is another thing."""

    def open_queues(names: Collection[str]) -> AbstractAsyncContextManager[Sequence[Queue]]:
        try:
            opened = named(names)
        except Exception as error:
            msg = f"{target} does not open queues, given their names: {type(error).__name__}: {error}"
            raise WorkshopNotFound(msg) from error
        if not isinstance(opened, AbstractAsyncContextManager):
            msg = f"{target} returns no async context manager of queues, but {opened!r:.100}"
            raise WorkshopNotFound(msg)
        return cast("AbstractAsyncContextManager[Sequence[Queue]]", opened)

    return open_queues


def _is_container_class(named: object) -> bool:
    return isinstance(named, type) and issubclass(named, DeclarativeContainer)
