"""The example business on PostgreSQL, in a schema of its own. Replace it with yours."""

from adapters.postgres.orders.mail import PostgresMail
from adapters.postgres.orders.orders import PostgresOrders
from adapters.postgres.orders.payments import PostgresPayments
from adapters.postgres.orders.stock import PostgresStock
from adapters.postgres.orders.tables import create_tables

__all__ = ["PostgresMail", "PostgresOrders", "PostgresPayments", "PostgresStock", "create_tables"]
