"""The composition roots."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from pydantic import SecretStr, ValidationError

from domain.jobs import job_type_of
from infrastructure.containers import ApplicationContainer, MemoryContainer, PostgresContainer
from infrastructure.containers.application import JOB_CLASSES
from infrastructure.job_funcs import register_job_funcs
from infrastructure.settings import PostgresSettings
from tests.worlds.deadline import eventually

NOWHERE = "postgresql://nobody@localhost:1/nothing"


def _postgres() -> PostgresContainer:
    return PostgresContainer(settings=PostgresSettings(dsn=SecretStr(NOWHERE)))


both = pytest.mark.parametrize("make", [MemoryContainer, _postgres], ids=["memory", "postgres"])


@pytest.mark.parametrize("container", [MemoryContainer, PostgresContainer])
def test_every_provider_is_annotated(container: type[ApplicationContainer]) -> None:
    """Nothing is provided untyped, so that mypy and pyright compare each with its port; nothing is missing."""
    annotated = set(container.__annotations__)

    assert annotated == set(container.cls_providers)
    assert set(ApplicationContainer.__annotations__) <= annotated


@both
async def test_everything_can_be_built(make: Callable[[], ApplicationContainer]) -> None:
    """Also on Postgres without a server, for nothing is opened yet. Whether it fits its port is seen by mypy."""
    container = make()
    for provide in container.providers.values():
        provide()

    assert isinstance(container.resources(), AbstractAsyncContextManager)


@both
async def test_everything_is_built_once(make: Callable[[], ApplicationContainer]) -> None:
    """Use cases and job funcs share one queue, and two containers share nothing."""
    container = make()

    assert container.queue() is container.queue()
    assert container.queue() is not container.emails()
    assert container.queue() is not make().queue()


def test_nothing_is_read_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container without settings is no error; using it is."""
    monkeypatch.delenv("ARROWER_DSN", raising=False)
    container = PostgresContainer()

    with pytest.raises(ValidationError, match="dsn"):
        container.settings()


async def test_all_job_funcs_are_registered() -> None:
    """Every kind of job that can be enqueued is run by one queue."""
    container = MemoryContainer()
    inspection = container.inspection()

    async def all_are_listed() -> bool:
        return len(await inspection.workers()) == len(queues)

    queues = await register_job_funcs(container)
    for in_memory in container.in_memory_queues():
        if in_memory in queues:
            await in_memory.start()
    await eventually(all_are_listed)
    workers = await inspection.workers()
    for queue in queues:
        await queue.shutdown()

    registered = [job_type for worker in workers for job_type in worker.types]
    assert sorted(registered) == sorted(map(job_type_of, JOB_CLASSES))
