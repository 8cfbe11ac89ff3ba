"""Everything in a PostgreSQL database."""

from contextlib import AbstractAsyncContextManager

import asyncpg
from dependency_injector.providers import Provider, Singleton

from adapters.memory.orders import SandboxCards
from adapters.postgres import (
    PostgresInspection,
    PostgresOperations,
    PostgresProbe,
    PostgresQueue,
    PostgresUnitOfWork,
    postgres_control_room,
)
from adapters.postgres.driver import Pool
from adapters.postgres.orders import PostgresMail, PostgresOrders, PostgresPayments, PostgresStock
from application.jobs.acting import JobOperations
from application.jobs.control_room import ControlRoom
from application.jobs.looking import JobInspection
from application.jobs.worker_health import DatabaseProbe
from application.orders import PlaceOrder
from domain.jobs import Queue, UnitOfWork
from domain.orders import Cards, Mail, Orders, Payments, Stock
from infrastructure.containers.application import EMAILS, JOB_CLASSES, ApplicationContainer
from infrastructure.settings import PostgresSettings, Settings

_QUEUES = 2


def _pool(settings: PostgresSettings) -> Pool:
    # One connection for each job that may be writing. They are opened when they are needed.
    return asyncpg.create_pool(settings.dsn.get_secret_value(), min_size=1, max_size=_QUEUES * settings.pool_size)


def _resources(pool: Pool) -> AbstractAsyncContextManager[object]:
    return pool


def _queue(pool: Pool, settings: PostgresSettings, name: str) -> PostgresQueue:
    return PostgresQueue(
        pool,
        name,
        poll_interval=settings.poll_interval,
        pool_size=settings.pool_size,
        pool_name=settings.pool_name,
        lease=settings.lease,
        version=settings.version,
    )


class PostgresContainer(ApplicationContainer):
    """For production. Its database has been migrated, and its queues work as soon as they know a job func."""

    settings: Provider[Settings] = Singleton(PostgresSettings)
    pool: Provider[Pool] = Singleton(_pool, settings)
    resources: Provider[AbstractAsyncContextManager[object]] = Singleton(_resources, pool)

    unit_of_work: Provider[UnitOfWork] = Singleton(PostgresUnitOfWork, pool)
    queue: Provider[Queue] = Singleton(_queue, pool, settings, "")
    emails: Provider[Queue] = Singleton(_queue, pool, settings, EMAILS)
    inspection: Provider[JobInspection] = Singleton(PostgresInspection, pool)
    operations: Provider[JobOperations] = Singleton(PostgresOperations, pool)
    probe: Provider[DatabaseProbe] = Singleton(PostgresProbe, pool)
    control_room: Provider[ControlRoom] = Singleton(postgres_control_room, pool, job_classes=JOB_CLASSES)

    orders: Provider[Orders] = Singleton(PostgresOrders, unit_of_work)
    cards: Provider[Cards] = Singleton(SandboxCards)
    mail: Provider[Mail] = Singleton(PostgresMail, unit_of_work)
    payments: Provider[Payments] = Singleton(PostgresPayments, unit_of_work)
    stock: Provider[Stock] = Singleton(PostgresStock, unit_of_work)

    place_order: Provider[PlaceOrder] = Singleton(PlaceOrder, orders, queue, unit_of_work)
