"""What every container offers, whatever its adapters."""

from contextlib import AbstractAsyncContextManager

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Provider

from application.jobs.acting import JobOperations
from application.jobs.control_room import ControlRoom
from application.jobs.looking import JobInspection
from application.jobs.worker_health import DatabaseProbe
from application.orders import PlaceOrder
from domain.jobs import Queue, UnitOfWork
from domain.orders import (
    CancelIfUnpaid,
    Cards,
    CheckFraud,
    CollectPayment,
    Mail,
    Orders,
    Payments,
    ReserveStock,
    ReturnStock,
    SendCancellation,
    SendReceipt,
    Stock,
)
from infrastructure.settings import Settings

EMAILS = "emails"
"""The name of the queue for letters, which may wait while the default queue is busy, and the other way round."""

JOB_CLASSES = (
    CancelIfUnpaid,
    CheckFraud,
    CollectPayment,
    ReserveStock,
    ReturnStock,
    SendCancellation,
    SendReceipt,
)
"""Every kind of job the application knows; those can be enqueued by hand."""


class ApplicationContainer(DeclarativeContainer):
    """Names the ports of the application. Nothing is read, built or opened before a provider is called."""

    settings: Provider[Settings]
    resources: Provider[AbstractAsyncContextManager[object]]
    """Must be entered before anything else is used, and left in the end."""

    unit_of_work: Provider[UnitOfWork]
    queue: Provider[Queue]
    emails: Provider[Queue]
    inspection: Provider[JobInspection]
    operations: Provider[JobOperations]
    probe: Provider[DatabaseProbe]
    control_room: Provider[ControlRoom]
    """Everything for whoever runs the queues."""

    orders: Provider[Orders]
    cards: Provider[Cards]
    mail: Provider[Mail]
    payments: Provider[Payments]
    stock: Provider[Stock]

    place_order: Provider[PlaceOrder]
