"""Everything in the memory of this process."""

from contextlib import AbstractAsyncContextManager, nullcontext

from dependency_injector.providers import Factory, List, Provider, Singleton

from adapters.memory import (
    InMemoryDatabase,
    InMemoryInspection,
    InMemoryOperations,
    InMemoryProbe,
    InMemoryQueue,
    InMemoryUnitOfWork,
    memory_control_room,
)
from adapters.memory.orders import InMemoryMail, InMemoryOrders, InMemoryPayments, InMemoryStock, SandboxCards
from application.jobs.acting import JobOperations
from application.jobs.control_room import ControlRoom
from application.jobs.looking import JobInspection
from application.jobs.worker_health import DatabaseProbe
from application.orders import PlaceOrder
from domain.jobs import Queue, UnitOfWork
from domain.orders import Cards, Mail, Orders, Payments, Stock
from infrastructure.containers.application import EMAILS, JOB_CLASSES, ApplicationContainer
from infrastructure.settings import Settings


def _queue(database: InMemoryDatabase, settings: Settings, name: str) -> InMemoryQueue:
    return InMemoryQueue(
        database,
        name,
        poll_interval=settings.poll_interval,
        pool_size=settings.pool_size,
        pool_name=settings.pool_name,
        lease=settings.lease,
        version=settings.version,
    )


class MemoryContainer(ApplicationContainer):
    """For tests and trials. Its queues keep their jobs until they are told to work them."""

    settings: Provider[Settings] = Singleton(Settings)
    resources: Provider[AbstractAsyncContextManager[object]] = Factory(nullcontext[None])
    database: Provider[InMemoryDatabase] = Singleton(InMemoryDatabase)

    unit_of_work: Provider[UnitOfWork] = Singleton(InMemoryUnitOfWork, database)
    queue: Provider[Queue] = Singleton(_queue, database, settings, "")
    emails: Provider[Queue] = Singleton(_queue, database, settings, EMAILS)
    in_memory_queues: Provider[list[InMemoryQueue]] = List(queue, emails)
    """The same two queues, with all that a queue in memory offers for tests."""
    inspection: Provider[JobInspection] = Singleton(InMemoryInspection, database)
    operations: Provider[JobOperations] = Singleton(InMemoryOperations, database)
    probe: Provider[DatabaseProbe] = Singleton(InMemoryProbe)
    control_room: Provider[ControlRoom] = Singleton(memory_control_room, database, job_classes=JOB_CLASSES)

    orders: Provider[Orders] = Singleton(InMemoryOrders, unit_of_work)
    cards: Provider[Cards] = Singleton(SandboxCards)
    mail: Provider[Mail] = Singleton(InMemoryMail, unit_of_work)
    payments: Provider[Payments] = Singleton(InMemoryPayments, unit_of_work)
    stock: Provider[Stock] = Singleton(InMemoryStock, unit_of_work)

    place_order: Provider[PlaceOrder] = Singleton(PlaceOrder, orders, queue, unit_of_work)
