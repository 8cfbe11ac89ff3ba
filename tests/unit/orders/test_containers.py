"""The composition roots."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from pydantic import SecretStr, ValidationError

from application.jobs.acting import JobOperations
from application.jobs.looking import JobInspection
from application.orders import PlaceOrder
from domain.jobs import Queue, UnitOfWork
from domain.orders import Cards, Mail, Orders, Payments, Stock
from infrastructure.containers import ApplicationContainer, MemoryContainer, PostgresContainer
from infrastructure.job_funcs import register_job_funcs
from infrastructure.settings import PostgresSettings
from tests.worlds.deadline import eventually

NOWHERE = "postgresql://nobody@localhost:1/nothing"


def _postgres() -> PostgresContainer:
    return PostgresContainer(settings=PostgresSettings(dsn=SecretStr(NOWHERE)))


both = pytest.mark.parametrize("make", [MemoryContainer, _postgres], ids=["memory", "postgres"])


PORTS = {
    "unit_of_work": UnitOfWork,
    "queue": Queue,
    "emails": Queue,
    "inspection": JobInspection,
    "operations": JobOperations,
    "orders": Orders,
    "cards": Cards,
    "mail": Mail,
    "payments": Payments,
    "stock": Stock,
}


@pytest.mark.parametrize("container", [MemoryContainer, PostgresContainer])
def test_every_provider_is_annotated(container: type[ApplicationContainer]) -> None:
    """Nothing is provided untyped, so that mypy and pyright compare each with its port; nothing is missing."""
    annotated = set(container.__annotations__)

    assert annotated == set(container.cls_providers)
    assert set(ApplicationContainer.__annotations__) <= annotated


@both
async def test_provides_the_ports(make: Callable[[], ApplicationContainer]) -> None:
    """What is built is what is promised; on Postgres without a server, for nothing is opened yet."""
    container = make()
    for name, port in PORTS.items():
        assert port in type(container.providers[name]()).__mro__, name
    assert isinstance(container.resources(), AbstractAsyncContextManager)
    assert isinstance(container.place_order(), PlaceOrder)


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
    """The default queue knows its five types of jobs, the one for emails two."""
    container = MemoryContainer()
    inspection = container.inspection()

    async def both_are_listed() -> bool:
        return len(await inspection.workers()) == 2

    queues = await register_job_funcs(container)
    for in_memory in container.in_memory_queues():
        await in_memory.start()
    await eventually(both_are_listed)
    workers = await inspection.workers()
    for queue in queues:
        await queue.shutdown()

    assert {worker.queue: len(worker.types) for worker in workers} == {"": 5, "emails": 2}
